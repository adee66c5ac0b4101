const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/** Maclaurin series of erf; converges fast below 2.5 (DLMF 7.6.1, in the form without cancellation, 7.6.2). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-18 * sum; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

/** Continued fraction of erfc for larger x, evaluated from its far end (DLMF 7.9.1). */
function erfcFraction(x: number): number {
  let tail = x;
  for (let k = 120; k >= 1; k -= 1) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/** Complementary error function of x >= 0. */
const erfc = (x: number): number => (x < 2.5 ? 1 - erfSeries(x) : erfcFraction(x));

/** P(Z > z) of the standard normal distribution, exact in the far tail. */
export const normalUpperTail = (z: number): number =>
  z >= 0 ? erfc(z / Math.SQRT2) / 2 : 1 - erfc(-z / Math.SQRT2) / 2;

export const normalCdf = (z: number): number => normalUpperTail(-z);

/** The z below which the standard normal distribution has probability `p`. @throws RangeError unless 0 < p < 1 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`no normal quantile for p = ${p}`);
  if (p < 0.5) return -normalQuantile(1 - p);
  let low = 0;
  let high = 40;
  while (high - low > 1e-15 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (normalUpperTail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
