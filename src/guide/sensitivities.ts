import { drawTornado } from '../report/index.ts';
import { metricById, type ResultFile } from '../results/index.ts';
import { candidateOf, dependence } from './advice.ts';
import type { GuideFigure } from './chapter.ts';
import { meanOf, partsOf, pointsOf } from './points.ts';

/** A tornado of one figure of merit of one candidate over the inputs that the study varied. */
export function tornadoOf(
  result: ResultFile,
  metricId: string,
  chapterId: string,
  candidate: string,
): GuideFigure {
  const points = pointsOf(result, dependence).filter((point) => candidateOf(point) === candidate);
  const baseline = points.find((point) => partsOf(point)[0] === 'baseline');
  if (baseline === undefined) throw new RangeError(`${result.name} has no baseline for ${candidate}`);
  const varied = points.flatMap((point) => {
    const [input, setting] = (partsOf(point)[0] ?? '').split(': ');
    if (input === undefined || setting === undefined) return [];
    return { input, setting, change: meanOf(point, metricId) / meanOf(baseline, metricId) - 1 };
  });
  const sensitivities = [...Map.groupBy(varied, ({ input }) => input)].map(([input, settings]) => ({
    input,
    settings,
  }));
  const title = `“${metricById(metricId).title}”`;
  return {
    id: `${chapterId}-depends-on`,
    title: `What ${title} depends on`,
    caption: `How far ${title} (${candidate}) moves from its baseline when one input is set lower or higher, all else as it was. The input that matters most stands on top.`,
    drawing: drawTornado(sensitivities, title),
  };
}
