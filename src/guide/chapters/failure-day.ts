import { drawLines, type CurvePoint } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { GuideFigure } from '../chapter.ts';

const hourMs = 3_600_000;

/** Requests a second from a thousand devices in each bin of the day, averaged over seeds; `x` in ms since its start. */
function loadOf({ label, runs }: PointSummary): CurvePoint[] {
  const [first] = runs;
  if (first === undefined) return [];
  const { binMs, requests } = first.server.series;
  return requests.map((_, bin) => {
    const counts = runs.map(({ server }) => server.series.requests[bin] ?? 0);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return { series: label, x: (bin + 0.5) * binMs, y: (1000 * mean) / (binMs / 1000) / first.devices };
  });
}

/** The load of a day on which push fails, one line for each way to meet it. */
export function failureDay(points: readonly PointSummary[]): GuideFigure {
  const spanHours = (points[0]?.runs[0]?.countedMs ?? NaN) / hourMs;
  return {
    id: 'outage-day',
    title: 'A day on which push fails',
    caption: `Requests a second from a thousand phones over ${spanHours} hours; push is down from 8 h to 16 h. The return calls every phone that has missed something within the same seconds, which these bins only show as one higher mark. The upright axis is logarithmic.`,
    drawing: drawLines({
      points: points.flatMap(loadOf),
      x: { title: 'Time of the day', unit: 'ms', log: false },
      y: { title: 'Requests a second, per 1000', unit: '1/s' },
      seriesTitle: 'What is done',
    }),
  };
}
