import { errorOf, expectedRecord } from '../expected/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { mayRunApart } from './apart.ts';
import { runWorld, type BlockRecord } from './assemble.ts';
import { divisionOf, runBlocks, runDivided } from './blocks.ts';
import { expectedSamples } from './expected-samples.ts';
import { blockOf, divideFleet } from '../workload/index.ts';
import { sampleOf, whyNot, type SimulationMode } from './mode.ts';
import type { Onlooker } from './run-events.ts';

export interface SimulateOptions extends Onlooker {
  /**
   * How to compute it; `exact` by default. `auto` takes a shortcut where the spec allows it; `whyNot` tells
   * beforehand whether it allows a mode.
   */
  readonly mode?: SimulationMode | 'auto';
  /** `exact-elided` runs parts of a fleet of so many devices one after the other where they share nothing; 2^17 by default. */
  readonly apartFrom?: number | undefined;
}

/** How a run is to be made. */
export interface RunPlan {
  readonly mode: SimulationMode;
  /** How many blocks its fleet is divided into, each of which can be run on its own; 1 when it cannot be divided. */
  readonly blocks: number;
}

/** Exact ways to do with fewer steps, the faster first. */
const shortcuts = ['exact-elided', 'exact-sliced'] as const;

/**
 * Runs one spec, event by event unless a mode says otherwise. Pure: the same spec yields the same record, to the
 * last bit. A shortcut is proved in each run: on a sample of the fleet it must yield the record that `exact` does.
 * @throws RangeError for a spec that describes no run, or a mode that it does not allow; an error named
 * `AbortError` when told to stop.
 */
export function simulate(spec: RunSpec, options: SimulateOptions = {}): RunRecord {
  const mode = modeOf(spec, options);
  if (mode === 'expected') return runExpected(spec);
  if (!isOrderless(spec, mode, options)) return runWorld(spec, mode, { orderless: false }, options).record;
  const division = divisionOf(spec, options.apartFrom);
  if (division !== undefined) return runDivided(spec, division, options);
  return runWorld(spec, mode, { orderless: true }, options).record;
}

/** Whether `planRun` may find several blocks; cheap to ask. */
export const mayDivide = (spec: RunSpec, { mode = 'exact', apartFrom }: SimulateOptions = {}): boolean =>
  (mode === 'auto' || mode === 'exact-elided') && mayRunApart(spec, apartFrom);

/** How `simulate` would run a spec. @throws RangeError as `simulate` does */
export function planRun(spec: RunSpec, options: SimulateOptions = {}): RunPlan {
  const mode = modeOf(spec, options);
  const division = isOrderless(spec, mode, options) ? divisionOf(spec, options.apartFrom) : undefined;
  return { mode, blocks: division?.blocks.length ?? 1 };
}

/**
 * Runs the blocks `from` to `to` - 1 of those that `planRun` tells of. All of them, from wherever and put together by
 * `mergeBlocks` in their order, are the record that `simulate` gives. @throws RangeError when the fleet cannot be divided
 */
export function simulateBlocks(
  spec: RunSpec,
  from: number,
  to: number,
  options: Omit<SimulateOptions, 'mode'> = {},
): BlockRecord[] {
  const division = divisionOf(spec, options.apartFrom);
  if (division === undefined) throw new RangeError('the fleet cannot be divided');
  return runBlocks(spec, division, { from, to }, options);
}

function modeOf(spec: RunSpec, { mode = 'exact', apartFrom }: SimulateOptions): SimulationMode {
  const reasonAgainst = (candidate: SimulationMode) =>
    whyNot(spec, candidate) ?? whyUnproved(spec, candidate, apartFrom);
  if (mode === 'auto') return shortcuts.find((one) => reasonAgainst(one) === undefined) ?? 'exact';
  const reason = reasonAgainst(mode);
  if (reason === undefined) return mode;
  throw new RangeError(`mode ${mode} is impossible here: ${reason}`);
}

/** Closed forms, with their error against `exact` on samples. */
function runExpected(spec: RunSpec): RunRecord {
  const [sample = spec, ...others] = expectedSamples(spec);
  const exact = [sample, ...others].map((one) => runWorld(one, 'exact', { orderless: false }).record);
  return { ...expectedRecord(spec), expectedError: errorOf(expectedRecord(sample), exact) };
}

function whyUnproved(spec: RunSpec, mode: SimulationMode, apartFrom: number | undefined): string | undefined {
  if (mode === 'exact' || mode === 'expected') return undefined;
  const sample = sampleOf(spec, mode);
  const orderless = isOrderless(spec, mode, { apartFrom });
  // In one block: the sums of several are rounded on their own.
  const division = orderless ? divideFleet(sample, Infinity) : undefined;
  const digest = ({ record }: BlockRecord): string => JSON.stringify({ ...record, mode: undefined });
  const [range] = division?.blocks ?? [];
  const block = division && range && blockOf(sample, division, range);
  const equal =
    digest(runWorld(sample, mode, { orderless, block })) === digest(runWorld(sample, 'exact', { orderless }));
  return equal ? undefined : 'on a sample of the fleet it differs from exact';
}

const isOrderless = (
  spec: RunSpec,
  mode: SimulationMode,
  { apartFrom }: Pick<SimulateOptions, 'apartFrom'>,
): boolean => mode === 'exact-elided' && mayRunApart(spec, apartFrom);
