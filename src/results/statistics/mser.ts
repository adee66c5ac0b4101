import { mean } from 'simple-statistics';

const batch = 5;

/**
 * How many of the first observations of a series to cut off as warm-up: the cut that makes the standard error of
 * the rest smallest, over means of five (MSER-5: White, Cobb and Spratt, Winter Simulation Conference 2000).
 * A cut in the second half is no cut: the series is then too short to tell, and the answer is undefined.
 */
export function mser5(series: readonly number[]): number | undefined {
  const batches = Array.from({ length: Math.floor(series.length / batch) }, (_, index) =>
    mean(series.slice(index * batch, (index + 1) * batch)),
  );
  let best = { cut: 0, error: Infinity };
  let [sum, squares] = [0, 0];
  for (let cut = batches.length - 1; cut >= 0; cut -= 1) {
    const value = batches[cut] ?? 0;
    sum += value;
    squares += value * value;
    const left = batches.length - cut;
    const error = (squares - (sum * sum) / left) / left ** 2;
    if (left >= batch && error <= best.error) best = { cut, error };
  }
  return best.cut > batches.length / 2 || batches.length < 2 * batch ? undefined : best.cut * batch;
}
