import { Http1Lane } from './http1-lane.ts';
import { Http2Lane } from './http2-lane.ts';
import type { DavAnswer, DavRequest, Lane, LaneOptions } from './lane.ts';

export interface ConnectionOptions extends LaneOptions {
  /** Sockets at most, opened when requests are under way at once; 1 when left out. HTTP/2 never needs more. */
  readonly sockets?: number;
  /** 1.1 when left out. */
  readonly http?: '1.1' | '2';
}

/** One device's connection to a server: as many sockets as its client uses at once, every byte counted. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #lanes: Lane[];
  readonly #most: number;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#lanes = [openLane(options)];
    this.#most = options.http === '2' ? 1 : (options.sockets ?? 1);
  }

  /** Sends one request. Rejects with the error of the socket or of the protocol when no whole answer comes. */
  send(request: DavRequest): Promise<DavAnswer> {
    return this.#freestLane().send(request);
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
