import { Http1Lane } from './http1-lane.ts';
import { Http2Lane } from './http2-lane.ts';
import type { DavAnswer, DavRequest, Lane, LaneOptions } from './lane.ts';
import { overWay, type Way } from './way.ts';

export interface ConnectionOptions extends LaneOptions {
  /** Sockets at most, opened when requests are under way at once; 1 when left out. HTTP/2 never needs more. */
  readonly sockets?: number;
  /** 1.1 when left out. */
  readonly http?: '1.1' | '2';
  /** Imitated on top of the machine's own; none when left out. */
  readonly way?: Way;
}

/** One device's connection to a server: as many sockets as its client uses at once, every byte counted. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #lanes: Lane[];
  readonly #most: number;
  #opened = 0;

  constructor(options: ConnectionOptions) {
    this.#options = {
      ...options,
      onConnect: (bytes) => {
        this.#opened += 1;
        options.onConnect?.(bytes);
      },
    };
    this.#lanes = [openLane(this.#options)];
    this.#most = options.http === '2' ? 1 : (options.sockets ?? 1);
  }

  /** Sends one request. Rejects with the error of the socket or of the protocol when no whole answer comes. */
  send(request: DavRequest): Promise<DavAnswer> {
    const { way } = this.#options;
    if (way === undefined) return this.#freestLane().send(request);
    const opened = this.#opened;
    return overWay(
      way,
      request.body?.length ?? 0,
      () => this.#freestLane().send(request),
      () => this.#opened > opened,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #freestLane(): Lane {
    const [first] = this.#lanes;
    if (first !== undefined && (first.pending === 0 || this.#most === 1)) return first;
    const least = this.#lanes.reduce((best, lane) => (lane.pending < best.pending ? lane : best));
    if (least.pending === 0 || this.#lanes.length >= this.#most) return least;
    const added = openLane(this.#options);
    this.#lanes.push(added);
    return added;
  }
}

const openLane = (options: ConnectionOptions): Lane =>
  options.http === '2' ? new Http2Lane(options) : new Http1Lane(options);
