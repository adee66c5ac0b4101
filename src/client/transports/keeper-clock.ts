/** Time as the keeper sees it: passed in, so that a week can pass in a test. */
export interface KeeperClock {
  /** Epoch ms. */
  now(): number;
  /** Calls `action` once at epoch ms `at` or earlier; returns what takes that back. */
  at(at: number, action: () => void): () => void;
}

/** Longest delay of a timer; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** The machine's clock; its timers keep no process alive. */
export const systemClock: KeeperClock = {
  now: Date.now,
  at(at, action) {
    const timer = setTimeout(action, Math.min(Math.max(0, at - Date.now()), maxDelayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
