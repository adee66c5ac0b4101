import { Lane, type DavAnswer, type DavRequest, type LaneOptions } from './lane.ts';

export interface ConnectionOptions extends LaneOptions {
  /** Sockets at most, opened when requests are under way at once; 1 when left out. */
  readonly sockets?: number;
}

/** One device's connection to a server: as many sockets as its client uses at once, every byte counted. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #lanes: Lane[];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#lanes = [new Lane(options)];
  }

  /** Sends one request. Rejects with the error of the socket or of undici when no whole answer comes. */
  send(request: DavRequest): Promise<DavAnswer> {
    return this.#freestLane().send(request);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #freestLane(): Lane {
    const [first] = this.#lanes;
    if (first !== undefined && (first.pending === 0 || (this.#options.sockets ?? 1) === 1)) return first;
    const least = this.#lanes.reduce((best, lane) => (lane.pending < best.pending ? lane : best));
    if (least.pending === 0 || this.#lanes.length >= (this.#options.sockets ?? 1)) return least;
    const added = new Lane(this.#options);
    this.#lanes.push(added);
    return added;
  }
}
