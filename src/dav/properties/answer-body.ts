import type { Body } from '../http/answer.ts';

/** A string put together from a hundred thousand pieces takes many times its length until it is encoded. */
const longestText = 128 * 1024;
/** What is longer is not held as a whole: the rest is made while the client takes it. */
const mostHeld = 4_000_000;

/** The body of an answer that is made of many texts. Faults in making what is held are thrown here. */
export function bodyOf(texts: Iterable<string>): Body {
  const parts = encoded(texts);
  const held: Buffer[] = [];
  let length = 0;
  for (let next = parts.next(); next.done !== true; next = parts.next()) {
    held.push(next.value);
    length += next.value.length;
    if (length > mostHeld) return { parts: following(held, parts) };
  }
  return held.length === 1 ? (held[0] ?? '') : Buffer.concat(held);
}

function* encoded(texts: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const more of texts) {
    text += more;
    if (text.length < longestText) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function* following(held: Buffer[], parts: Generator<Buffer>): Generator<Buffer> {
  for (let first = held.shift(); first !== undefined; first = held.shift()) yield first;
  yield* parts;
}
