/**
 * The silence between activities of a device that polls every `periodMs` and writes at random, `perMs` times a
 * millisecond: of either kind of activity, how long nothing else happened before it, and after it.
 */
export interface Gaps {
  /** How likely a poll comes after more than `ms` of silence. */
  pollAfter(ms: number): number;
  /** How likely a write does. */
  writeAfter(ms: number): number;
  /** Mean time of the silence after a poll that lies between `fromMs` and `toMs` from its start. */
  afterPoll(fromMs: number, toMs: number): number;
  /** The same after a write. */
  afterWrite(fromMs: number, toMs: number): number;
}

/** `busyMs`: how long a poll takes; the silence between two is so much shorter. */
export function gapsOf(periodMs: number, busyMs: number, perMs: number): Gaps {
  const longest = Math.max(0, periodMs - busyMs);
  const none = (ms: number) => Math.exp(-perMs * ms);
  // Integrals of e^(-rt) and of e^(-rt) (1 - t/T), from 0.
  const whole = (ms: number) => (perMs > 0 ? (1 - none(ms)) / perMs : ms);
  const tapered = (ms: number) =>
    perMs > 0
      ? whole(ms) - (1 - none(ms) * (1 + perMs * ms)) / (perMs * perMs * periodMs)
      : ms - (ms * ms) / (2 * periodMs);
  const cut = (ms: number, most: number) => Math.min(ms, most);
  return {
    pollAfter: (ms) => (ms < longest ? none(ms) : 0),
    writeAfter: (ms) => none(ms) * Math.max(0, 1 - ms / periodMs),
    afterPoll: (fromMs, toMs) => whole(cut(toMs, longest)) - whole(cut(fromMs, longest)),
    afterWrite: (fromMs, toMs) => tapered(cut(toMs, periodMs)) - tapered(cut(fromMs, periodMs)),
  };
}
