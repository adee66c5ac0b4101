import type { Body } from '../http/answer.ts';

/** A string put together from a hundred thousand pieces takes many times its length until it is encoded. */
const longestText = 128 * 1024;
/** What is longer is not held as a whole: the rest is made while the client takes it. */
const mostHeld = 4_000_000;

/** The body of an answer that is made of many texts. Faults in making what is held are thrown here. */
export function bodyOf(texts: Iterable<string>): Body {
  const rest = texts[Symbol.iterator]();
  const first = nextText(rest);
  // A short one goes out in one piece with its headers.
  if (first.length < longestText) return first;
  const parts = encoded(first, rest);
  const held: Buffer[] = [];
  let length = 0;
  for (let next = parts.next(); next.done !== true; next = parts.next()) {
    held.push(next.value);
    length += next.value.length;
    if (length > mostHeld) return { parts: following(held, parts) };
  }
  return Buffer.concat(held);
}

/** As many texts in one as make a long one, or all that are left. */
function nextText(texts: Iterator<string>): string {
  let text = '';
  while (text.length < longestText) {
    const next = texts.next();
    if (next.done === true) break;
    text += next.value;
  }
  return text;
}

function* encoded(first: string, rest: Iterator<string>): Generator<Buffer> {
  for (let text = first; text !== ''; text = nextText(rest)) yield Buffer.from(text);
}

function* following(held: Buffer[], parts: Generator<Buffer>): Generator<Buffer> {
  for (let first = held.shift(); first !== undefined; first = held.shift()) yield first;
  yield* parts;
}
