import { histogramQuantile, type HistogramData } from '../../../sim/index.ts';
import { normalQuantile } from './normal.ts';

/**
 * Distribution-free interval of a quantile from the order statistics that bound it, by the normal approximation
 * of the binomial (Conover, Practical Nonparametric Statistics, section 3.2). It holds for independent values;
 * within one run they are not, so between policies trust the intervals over seeds.
 */
export function quantileInterval(
  data: HistogramData,
  q: number,
  confidence = 0.95,
): { low: number; high: number } {
  const reach = normalQuantile((1 + confidence) / 2) * Math.sqrt((q * (1 - q)) / data.count);
  return {
    low: histogramQuantile(data, Math.max(0, q - reach)),
    high: histogramQuantile(data, Math.min(1, q + reach)),
  };
}
