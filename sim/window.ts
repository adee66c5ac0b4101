/** The counted time of a run in ticks (microseconds): from the end of the warm-up to the end of the duration. */
export interface CountedWindow {
  readonly from: number;
  readonly to: number;
}

export const isCounted = (window: CountedWindow, tick: number): boolean =>
  tick >= window.from && tick < window.to;

/** How much of the time from `from` to `to` is counted. */
export function countedPart(window: CountedWindow, from: number, to: number): number {
  const start = from > window.from ? from : window.from;
  const end = to < window.to ? to : window.to;
  return end > start ? end - start : 0;
}
