import type { PointSummary, ResultFile } from '../results/index.ts';
import type { GuideTable } from './chapter.ts';
import { meanOf, partsOf, pointsOf, shown } from './points.ts';

/** The scenario in which a study varies its inputs: points called `baseline` and `input: setting`, each with every candidate behind a ` · `. */
export const dependence = 'what it depends on';

/** What a rule advises for one set of candidates. */
export type Advise = (candidates: readonly PointSummary[]) => string;

/** The first candidate, in the order given, whose metric is at most a share above the least. @throws RangeError without candidates */
export function firstWithin(
  candidates: readonly PointSummary[],
  metricId: string,
  share: number,
): PointSummary {
  const least = Math.min(...candidates.map((point) => meanOf(point, metricId)));
  const found = candidates.find((point) => meanOf(point, metricId) <= least * (1 + share));
  if (found === undefined) throw new RangeError(`no candidate has a value for ${metricId}`);
  return found;
}

/** What the candidates under one setting differ in: all of a label behind the setting. */
export const candidateOf = (point: PointSummary): string => partsOf(point).slice(1).join(' · ');

interface AdvisedSetting {
  readonly name: string;
  readonly advice: string;
  readonly candidates: readonly PointSummary[];
}

/** What the rule advises at the baseline and at each setting of each input, in the order of the study. */
function advisedSettings(result: ResultFile, advise: Advise): AdvisedSetting[] {
  const groups = Map.groupBy(pointsOf(result, dependence), (point) => partsOf(point)[0] ?? '');
  return [...groups].map(([name, candidates]) => ({ name, advice: advise(candidates), candidates }));
}

/** One sentence on how far the advice moves when an input is not what the study assumes. */
export function adviceMoves(result: ResultFile, advise: Advise): string {
  const [baseline, ...settings] = advisedSettings(result, advise);
  if (baseline === undefined) throw new RangeError(`${result.name} varies no input`);
  const moved = settings.filter(({ advice }) => advice !== baseline.advice);
  const kept = settings.length - moved.length;
  const all = `With every input as assumed the rule gives ${baseline.advice}`;
  if (moved.length === 0)
    return `${all}, and so it does in each of the ${settings.length} other settings tried.`;
  const others = moved.map(({ name, advice }) => `${advice} (${name})`).join(', ');
  return kept === 0
    ? `${all}; it becomes ${others}.`
    : `${all}, and the same in ${kept} of ${settings.length} other settings tried; it becomes ${others}.`;
}

/** The advice at each setting of each input, with what the advised or the usual candidate then gives. */
export function adviceTable(
  result: ResultFile,
  advise: Advise,
  { heading, candidate, metrics }: AdviceColumns,
): GuideTable {
  return {
    title: 'What the advice depends on',
    columns: ['Input', 'Set to', heading, ...metrics.map(({ title }) => `${title} with ${candidate}`)],
    rows: advisedSettings(result, advise).map(({ name, advice, candidates }) => {
      const [input = '', setting = ''] = name.split(': ');
      const usual = candidates.find((point) => candidateOf(point) === candidate);
      return [
        input === 'baseline' ? 'as assumed' : input,
        setting,
        advice,
        ...metrics.map(({ id }) => (usual === undefined ? '–' : shown(usual, id))),
      ];
    }),
  };
}

export interface AdviceColumns {
  /** Head of the column that holds the advice. */
  readonly heading: string;
  /** The candidate whose figures stand beside it at every setting. */
  readonly candidate: string;
  readonly metrics: readonly { readonly id: string; readonly title: string }[];
}
