import type { RunSpec } from '../../../sim/index.ts';
import type { ResultFile } from '../result-file.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Path and both values of the first difference of two plain values; undefined when they are equal. */
export function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (isRecord(a) && isRecord(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return `${path}: ${JSON.stringify(a) ?? 'nothing'} against ${JSON.stringify(b) ?? 'nothing'}`;
}

const withoutSeed = ({ seed: _, ...spec }: RunSpec): Omit<RunSpec, 'seed'> => spec;

const pointKey = ({ spec, backend }: ResultFile['runs'][number]): string =>
  `${spec.scenario} · ${spec.label} (${backend})`;

/**
 * Why two results must not be compared, each reason naming the difference: another scenario behind the same
 * point, or, for live traffic, another machine. Empty when they may.
 */
export function unlikeness(base: ResultFile, head: ResultFile): string[] {
  const reasons: string[] = [];
  const headRuns = new Map(head.runs.map((run) => [pointKey(run), run]));
  const shared = base.runs.flatMap((run) => {
    const other = headRuns.get(pointKey(run));
    return other === undefined ? [] : [{ run, other }];
  });
  if (shared.length === 0) return ['the two results have no point in common'];
  const compared = new Set<string>();
  for (const { run, other } of shared) {
    const key = pointKey(run);
    if (compared.has(key)) continue;
    compared.add(key);
    const difference = firstDifference(withoutSeed(run.spec), withoutSeed(other.spec));
    if (difference !== undefined) reasons.push(`${key} is not the same run: ${difference}`);
    if (run.timeScale !== other.timeScale) {
      reasons.push(`${key} has another time scale: ${run.timeScale} against ${other.timeScale}`);
    }
  }
  if (shared.some(({ run }) => run.backend === 'live')) {
    const difference = firstDifference(base.made.machine, head.made.machine);
    if (difference !== undefined) reasons.push(`live runs of different machines: ${difference}`);
  }
  return reasons;
}
