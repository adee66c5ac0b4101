import { metricById, valueOf, type PointSummary } from '../../results/index.ts';
import type { Chart, Drawing } from '../chart.ts';
import { familyOf } from '../family.ts';
import { formatEstimate, formatValue } from '../format.ts';
import type { Scene } from '../scene.ts';
import { durationAxis, logDomain, powerAxis } from './axes.ts';
import { labelsWithRoom } from './labels-with-room.ts';
import { familyColour, familyShape } from './family-colour.ts';

const staleness = metricById('staleness.p50');

interface Cost {
  readonly metricId: string;
  readonly axisTitle: string;
}

type Row = ReturnType<typeof rowOf>;

const height = 340;
/** What is left for the plot on a screen and on a phone, px, about. */
const wideWidth = 800;
const narrowWidth = 300;

/** Share of a logarithmic axis below a value. */
const place = (value: number, [from, to]: readonly [number, number]): number =>
  Math.log(value / from) / Math.log(to / from);

/** One point for each policy: what it costs across, how stale it leaves people up; lower left is better. */
function drawPareto({ shown }: Scene, { metricId, axisTitle }: Cost): Drawing | undefined {
  const cost = metricById(metricId);
  const usable = shown.filter((point) => valueOf(point, cost).mean > 0 && valueOf(point, staleness).mean > 0);
  if (usable.length < 3) return undefined;
  const costs = usable.map((point) => valueOf(point, cost).mean);
  const middle = Math.sqrt(Math.min(...costs) * Math.max(...costs));
  const stales = usable.map((point) => valueOf(point, staleness).mean);
  const [across, up] = [logDomain(costs, 1.6, 1.6), logDomain(stales, 2.5, 2.5)];
  const placed = usable.map((point) => rowOf(point, cost, middle));
  const labels = placed.map((row) => ({ ...row, x: place(row.cost, across), y: place(row.staleness, up) }));
  const [wide, narrow] = [wideWidth, narrowWidth].map((width) => labelsWithRoom(labels, width, height));
  const rows = placed.map((row, index) => ({
    ...row,
    hasRoom: wide?.[index] === true,
    hasNarrowRoom: narrow?.[index] === true,
  }));
  const text = (side: string, align: 'left' | 'right', dx: number, dy: number) => ({
    transform: [
      {
        filter: `datum.side === '${side}' && (width < ${(wideWidth + narrowWidth) / 2} ? datum.hasNarrowRoom : datum.hasRoom)`,
      },
    ],
    mark: { type: 'text' as const, align, dx, dy, baseline: 'middle' as const, tooltip: null },
    encoding: { text: { field: 'label', type: 'nominal' as const } },
  });
  return {
    rows,
    columns: [
      { field: 'label', title: 'Policy' },
      { field: 'costText', title: cost.title },
      { field: 'stalenessText', title: staleness.title },
    ],
    alternative: describe(rows, cost.title.toLowerCase()),
    spec: {
      height,
      encoding: {
        x: {
          field: 'cost',
          type: 'quantitative',
          scale: { type: 'log', domain: across, nice: false },
          axis: { ...powerAxis(costs), title: axisTitle },
        },
        y: {
          field: 'staleness',
          type: 'quantitative',
          scale: {
            type: 'log',
            domain: up,
            nice: false,
          },
          axis: { ...durationAxis, title: 'Median staleness' },
        },
        tooltip: [
          { field: 'label', title: 'Policy' },
          { field: 'costText', title: cost.title },
          { field: 'stalenessText', title: staleness.title },
        ],
      },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.5, opacity: 0.45, tooltip: null },
          encoding: { color: familyColour, order: { field: 'cost', type: 'quantitative' } },
        },
        {
          mark: { type: 'point', filled: true, size: 130, opacity: 1 },
          encoding: { color: familyColour, shape: familyShape },
        },
        text('right', 'left', 10, -9),
        text('left', 'right', -10, 10),
      ],
    },
  };
}

const rowOf = (point: PointSummary, cost: typeof staleness, middle: number) => {
  const spent = valueOf(point, cost);
  const stale = valueOf(point, staleness);
  return {
    label: point.label,
    family: familyOf(point),
    cost: spent.mean,
    costText: formatEstimate(cost.unit, spent),
    staleness: stale.mean,
    stalenessText: formatEstimate(staleness.unit, stale),
    side: spent.mean > middle ? ('left' as const) : ('right' as const),
  };
};

function describe(rows: readonly Row[], cost: string): string {
  const [freshest] = rows.toSorted((a, b) => a.staleness - b.staleness);
  const [cheapest] = rows.toSorted((a, b) => a.cost - b.cost);
  if (freshest === undefined || cheapest === undefined) return '';
  return (
    `Scatter plot of ${rows.length} policies, ${cost} against median staleness, both logarithmic. ` +
    `Freshest: ${freshest.label} with ${formatValue(staleness.unit, freshest.staleness)}. ` +
    `Lowest ${cost}: ${cheapest.label} with ${cheapest.costText}, ${cheapest.stalenessText} stale.`
  );
}

const howToRead =
  'One mark a policy; both axes are logarithmic. Lower is fresher, further left is cheaper, so the best place is the lower left corner. Labels that would lie over each other are left out.';

export const paretoEnergy: Chart = {
  id: 'pareto-energy',
  title: 'Freshness against energy',
  caption: `${howToRead} Energy is what syncing adds to a radio that sleeps, averaged over all devices.`,
  draw: (scene) => drawPareto(scene, { metricId: 'energy', axisTitle: 'Sync energy per device and day, J' }),
};

export const paretoServer: Chart = {
  id: 'pareto-server',
  title: 'Freshness against server load',
  caption: `${howToRead} The load is the mean number of requests a second from the whole fleet.`,
  draw: (scene) => drawPareto(scene, { metricId: 'server.mean', axisTitle: 'Requests a second' }),
};
