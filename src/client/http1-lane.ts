import { AnswerReader, type RawAnswer } from './answer-reader.ts';
import { createDialler, type Dialled } from './dial.ts';
import type { DavAnswer, DavRequest, Lane, LaneOptions } from './lane.ts';
import { ReceivedAnswer } from './received-answer.ts';
import { writeRequest } from './request-text.ts';

interface Job {
  readonly request: DavRequest;
  readonly resolve: (answer: DavAnswer) => void;
  readonly reject: (error: Error) => void;
  /** Went out on a connection that had been idle, so that its silent end is no failure yet. */
  reused: boolean;
}

interface Wire extends Dialled {
  readonly reader: AnswerReader;
  /** Until when the server keeps it open when nothing is sent, ms. */
  idleMs: number;
  used: boolean;
}

/** What clock skew and travel may take of the time that a server keeps an idle connection, ms. */
const closingMarginMs = 2000;

/**
 * One HTTP/1.1 connection, one request at a time, the others in a queue. A general client spends more on a request
 * than the rest of a device does; a fleet on one processor is bound by that, so this one does only what a fleet needs.
 */
export class Http1Lane implements Lane {
  readonly #options: LaneOptions;
  readonly #url: URL;
  readonly #dial: ReturnType<typeof createDialler>;
  readonly #queue: Job[] = [];
  #current: Job | undefined;
  #wire: Wire | undefined;
  #activeAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Answers of a poll that finds nothing new are the same to the byte: their text is made once. */
  #last: { readonly body: Buffer; readonly text: string } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#url = new URL(options.origin);
    this.#dial = createDialler(options, false);
  }

  get pending(): number {
    return this.#queue.length + (this.#current === undefined ? 0 : 1);
  }

  send(request: DavRequest): Promise<DavAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('the connection is closed'));
      const job = { request, resolve, reject, reused: false };
      if (this.#current === undefined) this.#start(job);
      else this.#queue.push(job);
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const waiting = this.#queue.splice(0);
    this.#drop(new Error('the connection is closed'));
    for (const { reject } of waiting) reject(new Error('the connection is closed'));
    return Promise.resolve();
  }

  #start(job: Job): void {
    this.#current = job;
    this.#activeAt = performance.now();
    const wire = this.#wire;
    if (wire === undefined) {
      this.#connect();
    } else {
      job.reused = wire.used;
      this.#write(wire, job);
    }
  }

  #connect(): void {
    const { protocol, hostname, host, port } = this.#url;
    this.#dial({ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port }, (error, dialled) => {
      if (error !== null) return this.#fail(error);
      if (this.#closed) return void dialled.socket.destroy();
      const wire: Wire = {
        ...dialled,
        reader: new AnswerReader((answer) => this.#answered(wire, answer)),
        idleMs: this.#options.keepAliveMs,
        used: false,
      };
      this.#wire = wire;
      this.#listen(wire);
      this.#watch();
      if (this.#current !== undefined) this.#write(wire, this.#current);
    });
  }

  #listen(wire: Wire): void {
    const { socket, reader } = wire;
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.feed(chunk);
      } catch (error) {
        if (this.#wire === wire) this.#drop(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('end', () => reader.end());
    socket.on('error', (error) => {
      if (this.#wire === wire) this.#ended(error);
    });
    socket.on('close', () => {
      if (this.#wire === wire) this.#ended(new Error('the server closed the connection without an answer'));
    });
  }

  #write({ socket }: Wire, { request }: Job): void {
    try {
      const { text, encoding } = writeRequest(this.#url.host, request);
      socket.write(text, encoding);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #answered(wire: Wire, { status, headers, body, keepsAlive }: RawAnswer): void {
    const job = this.#current;
    if (this.#wire !== wire) return;
    // Nobody asked: what comes next cannot be told from the answer to the next request.
    if (job === undefined) return this.#drop(new Error('an answer without a request'));
    const answer = new ReceivedAnswer(status, headers, this.#textOf(body), wire.bytes.take());
    wire.used = true;
    this.#current = undefined;
    if (keepsAlive) this.#keep(wire, answer.keepAliveMs - closingMarginMs);
    else this.#leave();
    job.resolve(answer);
    this.#next();
  }

  #keep(wire: Wire, serverMs: number): void {
    const idleMs = Math.min(this.#options.keepAliveMs, serverMs);
    if (idleMs === wire.idleMs) return;
    wire.idleMs = idleMs;
    if (idleMs <= 0) this.#leave();
    else this.#watch();
  }

  #next(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#activeAt = performance.now();
    else this.#start(next);
  }

  #textOf(body: Buffer): string {
    const last = this.#last;
    if (last !== undefined && last.body.equals(body)) return last.text;
    const text = body.toString('utf8');
    if (body.length <= shortBody) this.#last = { body, text };
    return text;
  }

  /** A server may close an idle connection just as a request leaves (RFC 9112 section 9.5); all requests here can be repeated. */
  #ended(error: Error): void {
    const job = this.#current;
    this.#leave();
    if (job === undefined) return;
    if (!job.reused) return this.#fail(error);
    job.reused = false;
    this.#connect();
  }

  #drop(error: Error): void {
    this.#leave();
    this.#fail(error);
  }

  #fail(error: Error): void {
    const job = this.#current;
    this.#current = undefined;
    job?.reject(error);
    if (!this.#closed) this.#next();
  }

  #leave(): void {
    const wire = this.#wire;
    this.#wire = undefined;
    clearTimeout(this.#timer);
    wire?.socket.destroy();
  }

  /** One timer for silence on either side. It looks whether it is time, so that requests need not move it. */
  #watch(): void {
    clearTimeout(this.#timer);
    const wire = this.#wire;
    if (wire === undefined) return;
    const allowedMs = this.#current === undefined ? wire.idleMs : this.#options.timeoutMs;
    const leftMs = this.#activeAt + allowedMs - performance.now();
    if (leftMs > 0) {
      const soonMs = Math.min(leftMs, wire.idleMs, this.#options.timeoutMs, longestTimerMs);
      this.#timer = setTimeout(() => this.#watch(), Math.ceil(soonMs));
      this.#timer.unref();
    } else if (this.#current === undefined) {
      this.#leave();
    } else {
      const error = new Error(`no answer within ${this.#options.timeoutMs} ms`);
      this.#drop(Object.assign(error, { code: 'ETIMEDOUT' }));
    }
  }
}

const shortBody = 2048;
const longestTimerMs = 2 ** 31 - 1;
