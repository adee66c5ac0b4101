/** Share of the newest in the mean. */
const weight = 0.05;

/** How long sending takes lately, so that the wait of those in line can be told. */
export class SendTimes {
  #meanMs: number | undefined;

  add(ms: number): void {
    const mean = this.#meanMs ?? ms;
    this.#meanMs = mean + weight * (ms - mean);
  }

  /** How long `waiting` messages take with `atOnce` on their way at a time, ms. */
  backlogMs(waiting: number, atOnce: number): number {
    return (waiting * (this.#meanMs ?? 0)) / atOnce;
  }
}
