import { DavpulseError } from '../errors/index.ts';
import type { ResultFile, ResultPart } from './result-file.ts';

const invalid = (message: string): DavpulseError => new DavpulseError('DAVPULSE_RESULT_INVALID', message);

/**
 * Puts the runs of several results together. Parts of one study (shards, or what an interruption left) are put
 * in the order of its plan, so that the whole is what one machine would have written, `made` aside. Results of
 * different studies follow one another. The head is that of the first; durations add up.
 * @throws DavpulseError DAVPULSE_RESULT_INVALID when a run appears twice or was cut short, parts do not belong together,
 * or there is nothing to merge
 */
export function mergeResults(results: readonly ResultFile[]): ResultFile {
  const [first] = results;
  if (first === undefined) throw invalid('there is no result to merge');
  refuseDuplicates(results);
  if (results.length === 1) return first;
  const durationMs = results.reduce((sum, { made }) => sum + made.durationMs, 0);
  const made = { ...first.made, durationMs };
  if (results.some(({ part }) => part !== undefined)) return { ...mergeParts(results, first), made };
  const sources = [...new Set(results.map(({ source }) => source))];
  return { ...first, made, source: sources.join('\n---\n'), runs: results.flatMap(({ runs }) => runs) };
}

function refuseDuplicates(results: readonly ResultFile[]): void {
  const seen = new Set<string>();
  for (const { spec, backend } of results.flatMap(({ runs }) => runs)) {
    const key = JSON.stringify([spec.scenario, spec.label, backend, spec.seed]);
    if (seen.has(key)) {
      throw invalid(
        `two of the results hold the ${backend} run of ${spec.scenario}, ${spec.label}, seed ${spec.seed}: merge each run once`,
      );
    }
    seen.add(key);
  }
}

function mergeParts(results: readonly ResultFile[], first: ResultFile): ResultFile {
  const placed = results.flatMap((result) => {
    const part = partOf(result);
    if (result.name !== first.name || result.source !== first.source || part.of !== partOf(first).of) {
      throw invalid(`the results are parts of different studies: ${first.name} and ${result.name}`);
    }
    return result.runs.map((run, index) => ({ run, place: part.indices[index] ?? NaN }));
  });
  const ordered = placed.toSorted((a, b) => a.place - b.place);
  const indices = ordered.map(({ place }) => place);
  if (new Set(indices).size < indices.length) throw invalid('two parts hold the same place of the plan');
  const { part: _, ...head } = first;
  const runs = ordered.map(({ run }) => run);
  const { of } = partOf(first);
  return indices.length === of ? { ...head, runs } : { ...head, runs, part: { indices, of } };
}

function partOf({ part, name, runs }: ResultFile): ResultPart {
  if (part === undefined) throw invalid(`${name} is whole already: only parts of a study can be completed`);
  if (part.cutShort === true)
    throw invalid(`the runs of ${name} were cut short, so that nothing can complete them: make them again`);
  if (part.indices.length !== runs.length)
    throw invalid(`${name} does not say the place of each of its runs`);
  return part;
}
