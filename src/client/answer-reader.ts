import { HTTPParser } from 'http-parser-js';

/** An answer as it came: names and values of its headers in turns. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly keepsAlive: boolean;
}

const nothing = Buffer.alloc(0);

/** Cuts the bytes of one HTTP/1.1 connection into answers. */
export class AnswerReader {
  readonly #parser = new HTTPParser(HTTPParser.RESPONSE);
  readonly #onAnswer: (answer: RawAnswer) => void;
  #status = 0;
  #headers: readonly string[] = [];
  #keepsAlive = true;
  #chunks: Buffer[] = [];

  constructor(onAnswer: (answer: RawAnswer) => void) {
    this.#onAnswer = onAnswer;
    this.#parser[HTTPParser.kOnHeaders] = () => {};
    this.#parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers, shouldKeepAlive }) => {
      this.#status = statusCode;
      this.#headers = headers;
      this.#keepsAlive = shouldKeepAlive;
    };
    this.#parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
      this.#chunks.push(chunk.subarray(offset, offset + length));
    };
    this.#parser[HTTPParser.kOnMessageComplete] = () => this.#complete();
  }

  /** @throws Error when the bytes are not HTTP/1.1 */
  feed(chunk: Buffer): void {
    const outcome = this.#parser.execute(chunk);
    if (outcome instanceof Error) throw outcome;
  }

  /** The connection ended, which is where a body without a length ends too (RFC 9112 section 6.3). */
  end(): void {
    this.#parser.finish();
  }

  #complete(): void {
    // An interim answer is followed by the one that counts (RFC 9110 section 15.2).
    if (this.#status < 200) return;
    const chunks = this.#chunks;
    const body = chunks.length === 1 ? (chunks[0] ?? nothing) : Buffer.concat(chunks);
    this.#chunks = [];
    this.#onAnswer({ status: this.#status, headers: this.#headers, body, keepsAlive: this.#keepsAlive });
  }
}
