import type { PointSummary } from '../results/index.ts';
import type { Scene } from './scene.ts';

/** What fits beside a bar on a phone, about. */
const fits = 17;
const separator = ' · ';

/** A scene whose points are named by their values alone, and what these are values of. */
export interface ShortScene {
  readonly scene: Scene;
  readonly naming: string;
}

const partsOf = (label: string): readonly { readonly name: string; readonly value: string }[] =>
  label.split(separator).map((part) => {
    const [name = '', ...value] = part.split(' = ');
    return value.length === 0 ? { name: '', value: part } : { name, value: value.join(' = ') };
  });

/**
 * Charts have little room for labels, and those of a sweep begin with the names of its axes: cut off they would all be
 * the same. Where every point has the same axes their names are said once instead.
 */
export function shortLabels(scene: Scene): ShortScene {
  const { points, shown } = scene;
  const axes = partsOf(points[0]?.label ?? '').map(({ name }) => name);
  const isAlike = ({ label }: PointSummary): boolean =>
    partsOf(label).length === axes.length && partsOf(label).every(({ name }, place) => name === axes[place]);
  const named = axes.filter((name) => name !== '');
  if (named.length === 0 || !points.every(isAlike)) return { scene, naming: '' };
  if (points.every(({ label }) => label.length <= fits)) return { scene, naming: '' };
  const short = (point: PointSummary): PointSummary => ({
    ...point,
    label: partsOf(point.label)
      .map(({ value }) => value)
      .join(separator),
  });
  return {
    scene: { ...scene, points: points.map(short), shown: shown.map(short) },
    naming: `Labels: ${axes.map((name) => (name === '' ? 'the policy' : name)).join(separator)}.`,
  };
}
