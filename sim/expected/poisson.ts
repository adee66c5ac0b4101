import { normalQuantile } from '../kernel/index.ts';

/** From this mean on a Poisson number is taken as normal. */
const large = 400;

/** P(N > most) for a Poisson number N with this mean. */
export function poissonAbove(most: number, mean: number): number {
  if (mean > large) return most < mean ? 1 : 0;
  let term = Math.exp(-mean);
  let below = term;
  for (let count = 1; count <= most; count += 1) {
    term *= mean / count;
    below += term;
  }
  return Math.max(0, 1 - below);
}

/** The median of the largest of `draws` Poisson numbers. */
export function largestPoisson(draws: number, mean: number): number {
  const below = 0.5 ** (1 / draws);
  if (mean > large) return Math.round(mean + normalQuantile(below) * Math.sqrt(mean));
  let most = 0;
  while (poissonAbove(most, mean) > 1 - below) most += 1;
  return most;
}

/** How many multigets of `batch` objects fetch a Poisson number of them with this mean, on average. */
export function expectedBatches(mean: number, batch: number): number {
  let sum = 0;
  for (let fetched = 0; fetched < mean + 12 * Math.sqrt(mean) + 12; fetched += batch) {
    sum += poissonAbove(fetched, mean);
  }
  return sum;
}
