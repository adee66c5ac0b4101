import type { Exchange } from '../client/index.ts';

const kept = 8;
const bodyCharacters = 2000;

/** The last requests and answers of one device, for the one time that something goes wrong. */
export class Transcript {
  readonly #ring: Exchange[] = [];
  #next = 0;

  add(exchange: Exchange): void {
    this.#ring[this.#next] = exchange;
    this.#next = (this.#next + 1) % kept;
  }

  /** Oldest first, as text, without credentials and keys. */
  render(): string {
    const inOrder = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return inOrder.map(renderExchange).join('\n');
  }
}

function renderExchange({ startedAt, endedAt, request, answer }: Exchange): string {
  return [
    `--- ${startedAt.toFixed(1)} ms, answered after ${(endedAt - startedAt).toFixed(1)} ms`,
    `${request.method} ${request.path}`,
    ...headerLines(request.headers),
    '',
    shorten(withoutSecrets(request.body ?? '')),
    `--> ${answer.status}`,
    ...headerLines(answer.headers),
    '',
    shorten(withoutSecrets(answer.body)),
    '',
  ].join('\n');
}

const secretHeaders = new Set(['authorization', 'cookie', 'set-cookie', 'www-authenticate']);

const headerLines = (headers: Readonly<Record<string, string | string[] | undefined>>): string[] =>
  Object.entries(headers).map(
    ([name, value]) => `${name}: ${secretHeaders.has(name) ? '(removed)' : String(value)}`,
  );

/** Push resources are capability URLs, and with the keys anybody could read the messages. */
const withoutSecrets = (body: string): string =>
  body.replace(
    /(<[^<>]*\b(?:push-resource|auth-secret|subscription-public-key)\b[^<>]*>)[^<]*/g,
    '$1(removed)',
  );

const shorten = (body: string): string =>
  body.length <= bodyCharacters
    ? body
    : `${body.slice(0, bodyCharacters)}\n(${body.length - bodyCharacters} characters more)`;
