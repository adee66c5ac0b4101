import type { ResultFile } from '../results/index.ts';
import type { Chart, Drawing } from './chart.ts';
import { charts } from './charts/index.ts';
import { scenesOf, type Scene } from './scene.ts';
import { shortLabels } from './short-labels.ts';

/** A chart drawn for one scenario of a result. */
export interface Figure {
  /** Unique in the result; names its files and its place in the page. */
  readonly id: string;
  readonly scene: Scene;
  readonly chart: Chart;
  readonly drawing: Drawing;
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** All charts that the result has data for. The first scenario's keep the bare names of the charts. */
export function figuresOf(result: ResultFile): Figure[] {
  return scenesOf(result).flatMap((scene, index) => {
    const short = shortLabels(scene);
    return charts.flatMap((chart) => {
      const drawing = chart.draw(short.scene);
      if (drawing === undefined) return [];
      const id = index === 0 ? chart.id : `${slug(scene.scenario)}-${chart.id}`;
      const caption = `${chart.caption} ${short.naming}`.trimEnd();
      return [{ id, scene, chart: { ...chart, caption }, drawing }];
    });
  });
}
