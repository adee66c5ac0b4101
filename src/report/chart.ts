import type { TopLevelSpec } from 'vega-lite';
import type { Scene } from './scene.ts';

type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** A layered vega-lite specification without its data, width and style, which the renderers add. */
export type ChartSpec = Omit<LayeredSpec, 'data' | 'width' | 'config' | '$schema'>;

export type Cell = string | number | boolean;
export type Row = Readonly<Record<string, Cell>>;

/** A column of the table behind a chart: the field of the rows, and how people read it. */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly format?: (value: Cell) => string;
}

/** A chart with its data, drawn for one scenario. */
export interface Drawing {
  readonly spec: ChartSpec;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** What someone who does not see the picture must know of it. */
  readonly alternative: string;
}

/** A kind of chart: a pure function from a scenario's results. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What it shows and how to read it. */
  readonly caption: string;
  /** Undefined when the results hold nothing that it could show. */
  draw(scene: Scene): Drawing | undefined;
}
