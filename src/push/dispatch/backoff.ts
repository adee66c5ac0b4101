export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Delay before attempt `failures + 1`: doubles each time up to a maximum, and is drawn from its upper half so that
 * those who failed together do not come back together. `random` is uniform in [0, 1).
 */
export function backoffMs(
  failures: number,
  { firstMs, maxMs }: BackoffOptions,
  random: () => number,
): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + 0.5 * random());
}
