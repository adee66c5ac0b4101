import type { Drawing } from '../report/index.ts';
import type { ResultFile } from '../results/index.ts';

/** One question of the guide, the study that answers it, and the text that its numbers are put into. */
export interface Chapter {
  /** Names its study in `scenarios/guide`, its data and its figures. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** A pure function of the results, so that the chapter can be made again from its data. */
  write(result: ResultFile): ChapterContent;
}

export interface ChapterContent {
  /** The recommendation in one sentence, with its number. */
  readonly answer: string;
  /** What supports it, a paragraph each. */
  readonly paragraphs: readonly string[];
  readonly figures: readonly GuideFigure[];
  readonly tables: readonly GuideTable[];
  /** How the advice is found, and how far it moves when an input is not what was assumed. */
  readonly dependence: {
    readonly rule: string;
    readonly moves: string;
    readonly figure: GuideFigure;
    readonly table: GuideTable;
  };
  /** What the advice does not cover. */
  readonly limits: readonly string[];
}

export interface GuideFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly drawing: Drawing;
}

export interface GuideTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Every figure of a chapter, in the order in which it shows them. */
export const figuresOf = ({ figures, dependence }: ChapterContent): readonly GuideFigure[] => [
  ...figures,
  dependence.figure,
];
