import type { Drawing } from '../chart.ts';
import { formatValue } from '../format.ts';
import { palette } from '../style.ts';
import type { MetricUnit } from '../../results/index.ts';
import { durationAxis, evenDurationAxis, powerAxis } from './axes.ts';

/** One measured place of a curve; `low` and `high` bound its confidence interval. */
export interface CurvePoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export interface CurveAxis {
  readonly title: string;
  readonly unit: MetricUnit;
  /** Logarithmic unless false. */
  readonly log?: boolean;
}

interface Curves {
  readonly points: readonly CurvePoint[];
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly seriesTitle: string;
}

const shapes = ['circle', 'diamond', 'square', 'triangle-up', 'cross', 'triangle-down', 'circle'];

const axisOf = ({ title, unit, log = true }: CurveAxis, values: readonly number[]) => {
  if (!log)
    return {
      title,
      ...(unit === 'share' && { format: '.0%' }),
      ...(unit === 'ms' && evenDurationAxis(values)),
    };
  return { title, ...(unit === 'ms' ? durationAxis : powerAxis(values)) };
};

const scaleOf = ({ log = true }: CurveAxis) =>
  log ? ({ type: 'log', nice: false, padding: 12 } as const) : ({ type: 'linear', zero: true } as const);

/** Curves of one figure against another, a mark at every place that was run; places a logarithm lacks are left out. */
export function drawLines({ points, x, y, seriesTitle }: Curves): Drawing {
  const usable = points.filter(
    (point) => (x.log === false || point.x > 0) && (y.log === false || point.y > 0),
  );
  const rows = usable.map((point) => ({
    series: point.series,
    x: point.x,
    y: point.y,
    low: y.log === false ? (point.low ?? point.y) : Math.max(point.low ?? point.y, point.y / 10),
    high: point.high ?? point.y,
    xText: formatValue(x.unit, point.x),
    yText: formatValue(y.unit, point.y),
  }));
  const series = [...new Set(rows.map((row) => row.series))];
  const colour = {
    field: 'series',
    type: 'nominal' as const,
    scale: { domain: series, range: palette.parts.slice(0, series.length) },
  };
  return {
    rows,
    columns: [
      { field: 'series', title: seriesTitle },
      { field: 'xText', title: x.title },
      { field: 'yText', title: y.title },
    ],
    alternative: `Curves of ${y.title.toLowerCase()} against ${x.title.toLowerCase()}. ${series
      .map((name) => {
        const own = rows.filter((row) => row.series === name).toSorted((a, b) => a.x - b.x);
        const [first, last] = [own[0], own.at(-1)];
        return `${name}: from ${first?.yText} at ${first?.xText} to ${last?.yText} at ${last?.xText}`;
      })
      .join('; ')}.`,
    spec: {
      height: 320,
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          scale: scaleOf(x),
          axis: axisOf(
            x,
            rows.map((row) => row.x),
          ),
        },
        color: colour,
        tooltip: [
          { field: 'series', title: seriesTitle },
          { field: 'xText', title: x.title },
          { field: 'yText', title: y.title },
        ],
      },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: {
            y: {
              field: 'y',
              type: 'quantitative',
              scale: scaleOf(y),
              axis: axisOf(
                y,
                rows.map((row) => row.y),
              ),
            },
          },
        },
        {
          mark: { type: 'rule', strokeWidth: 2, opacity: 0.5 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'point', filled: true, size: 80, opacity: 1 },
          encoding: {
            y: { field: 'y', type: 'quantitative' },
            shape: { field: 'series', type: 'nominal', scale: { domain: series, range: shapes } },
          },
        },
      ],
    },
  };
}
