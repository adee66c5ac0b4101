import { meanChangesPerDay, type CollectionGroup, type RunSpec } from '../../sim/index.ts';
import { formatEstimate, formatValue, type CurvePoint } from '../report/index.ts';
import {
  metricById,
  summarize,
  valueOf,
  type Estimate,
  type PointSummary,
  type ResultFile,
} from '../results/index.ts';

/** A result is summed up once, though many sentences ask for its points. */
const summaries = new WeakMap<ResultFile, readonly PointSummary[]>();

function summaryOf(result: ResultFile): readonly PointSummary[] {
  const known = summaries.get(result);
  if (known !== undefined) return known;
  const points = summarize(result.runs);
  summaries.set(result, points);
  return points;
}

/** The simulated points of one scenario of a result. @throws RangeError when there are none */
export function pointsOf(result: ResultFile, scenario: string): PointSummary[] {
  const points = summaryOf(result).filter((point) => point.scenario === scenario && point.backend === 'sim');
  if (points.length === 0) throw new RangeError(`${result.name} has no scenario called ${scenario}`);
  return points;
}

/** The point with this label. @throws RangeError when there is none */
export function pointCalled(points: readonly PointSummary[], label: string): PointSummary {
  const found = points.find((point) => point.label === label);
  if (found === undefined) throw new RangeError(`no point is called ${label}`);
  return found;
}

/** The specification that the runs of a point share. */
export function specOf({ runs, label }: PointSummary): RunSpec {
  const [first] = runs;
  if (first === undefined) throw new RangeError(`the point ${label} has no runs`);
  return first.spec;
}

/** Mean changes a day of one collection of a group. */
export const changesPerDay = ({ changes }: CollectionGroup): number => meanChangesPerDay(changes);

export const estimateOf = (point: PointSummary, metricId: string): Estimate =>
  valueOf(point, metricById(metricId));

export const meanOf = (point: PointSummary, metricId: string): number => estimateOf(point, metricId).mean;

/** The figure with its unit and interval: `7.50 min ±0.12`. */
export const shown = (point: PointSummary, metricId: string): string =>
  formatEstimate(metricById(metricId).unit, estimateOf(point, metricId));

/** The figure with its unit alone. */
export const brief = (point: PointSummary, metricId: string): string =>
  formatValue(metricById(metricId).unit, meanOf(point, metricId));

/** The axes of a sweep as its label names them: `LTE · 15 min` is `['LTE', '15 min']`. */
export const partsOf = ({ label }: PointSummary): string[] => label.split(' · ');

/** A point as a place of a curve. */
export function curvePoint(series: string, x: number, point: PointSummary, metricId: string): CurvePoint {
  const { mean, halfWidth = 0 } = estimateOf(point, metricId);
  return { series, x, y: mean, low: mean - halfWidth, high: mean + halfWidth };
}

/**
 * Where a curve first crosses a level, by logarithmic interpolation between the places that were run; undefined
 * when it stays on one side.
 */
export function crossing(
  curve: readonly { readonly x: number; readonly y: number }[],
  level: number,
): number | undefined {
  const ordered = curve.toSorted((a, b) => a.x - b.x);
  for (const [index, to] of ordered.entries()) {
    const from = ordered[index - 1];
    if (from === undefined || from.y > level === to.y > level) continue;
    const share = Math.log(level / from.y) / Math.log(to.y / from.y);
    return from.x * (to.x / from.x) ** share;
  }
  return undefined;
}
