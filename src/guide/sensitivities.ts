import { drawTornado } from '../report/index.ts';
import { metricById, type ResultFile } from '../results/index.ts';
import type { GuideFigure } from './chapter.ts';
import { meanOf, pointCalled, pointsOf } from './points.ts';

/** The scenario in which a study varies its inputs: a point called `baseline`, the others `input: setting`. */
const scenario = 'what it depends on';

/** A tornado of one figure of merit over the inputs that the study varied. */
export function tornadoOf(result: ResultFile, metricId: string, chapterId: string): GuideFigure {
  const points = pointsOf(result, scenario);
  const baseline = meanOf(pointCalled(points, 'baseline'), metricId);
  const varied = points.flatMap((point) => {
    const [input, setting] = point.label.split(': ');
    if (input === undefined || setting === undefined) return [];
    return { input, setting, change: meanOf(point, metricId) / baseline - 1 };
  });
  const sensitivities = [...Map.groupBy(varied, ({ input }) => input)].map(([input, settings]) => ({
    input,
    settings,
  }));
  const title = `“${metricById(metricId).title}”`;
  return {
    id: `${chapterId}-depends-on`,
    title: `What ${title} depends on`,
    caption: `How far ${title} moves from its baseline when one input is set lower or higher, all else as it was. The input that matters most stands on top.`,
    drawing: drawTornado(sensitivities, title),
  };
}
