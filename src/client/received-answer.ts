import type { DavAnswer } from './lane.ts';
import type { ByteCount } from './socket-bytes.ts';

/** An answer whose headers are put in order only when somebody wants to see them: most polls do not. */
export class ReceivedAnswer implements DavAnswer {
  readonly status: number;
  readonly body: string;
  readonly bytes: ByteCount;
  readonly #raw: readonly string[];
  #headers: DavAnswer['headers'] | undefined;

  /** `raw`: names and values in turns. */
  constructor(status: number, raw: readonly string[], body: string, bytes: ByteCount) {
    this.status = status;
    this.body = body;
    this.bytes = bytes;
    this.#raw = raw;
  }

  get headers(): DavAnswer['headers'] {
    this.#headers ??= collect(this.#raw);
    return this.#headers;
  }

  /** How long the server keeps the connection while nothing is sent, ms; `Infinity` when it does not say. */
  get keepAliveMs(): number {
    for (let at = 0; at < this.#raw.length; at += 2) {
      const name = this.#raw[at];
      if (name?.length !== keepAlive.length || name.toLowerCase() !== keepAlive) continue;
      const seconds = /timeout=(\d+)/i.exec(this.#raw[at + 1] ?? '')?.[1];
      return seconds === undefined ? Infinity : Number(seconds) * 1000;
    }
    return Infinity;
  }
}

const keepAlive = 'keep-alive';

function collect(raw: readonly string[]): DavAnswer['headers'] {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    const value = raw[at + 1] ?? '';
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = typeof before === 'string' ? [before, value] : [...before, value];
  }
  return headers;
}
