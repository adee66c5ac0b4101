import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

/** One combination of the sweep: its label and the file with the point's values in place. */
export interface SweepPoint {
  readonly label: string;
  readonly source: SourceDocument;
}

interface AxisPoint {
  readonly label: string;
  readonly values: readonly (readonly [Path, unknown])[];
}

/** `devices.0.link` or `devices[0].link` as a path into a file. */
export const parsePath = (text: string): Path =>
  text
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** Every combination of the points of all axes; a scenario without a sweep is one point named after itself. */
export function expandSweep(source: SourceDocument, input: ScenarioInput): SweepPoint[] {
  const axes = input.sweep.map((_, index) => axisPoints(source, input, index));
  const combinations = axes.reduce<AxisPoint[]>(
    (left, right) =>
      left.flatMap((a) =>
        right.map((b) => ({
          label: [a.label, b.label].filter((label) => label !== '').join(' · '),
          values: [...a.values, ...b.values],
        })),
      ),
    [{ label: '', values: [] }],
  );
  return combinations.map(({ label, values }) => ({
    label: label === '' ? input.name : label,
    source: source.with(values),
  }));
}

function axisPoints(source: SourceDocument, input: ScenarioInput, axisIndex: number): AxisPoint[] {
  const axis = input.sweep[axisIndex];
  if (axis === undefined) return [];
  if ('field' in axis) {
    return axis.values.map((value, index) => ({
      label: `${axis.name ?? axis.field} = ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      values: [[parsePath(axis.field), source.node(['sweep', axisIndex, 'values', index])]],
    }));
  }
  return axis.points.map((point, index) => ({
    label: point.label,
    values: Object.keys(point.set).map((path) => [
      parsePath(path),
      source.node(['sweep', axisIndex, 'points', index, 'set', path]),
    ]),
  }));
}
