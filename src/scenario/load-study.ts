import type { RunSpec } from '../../sim/index.ts';
import type { FaultRule } from '../push/index.ts';
import type { StatedThreshold } from '../results/index.ts';
import { expandSweep } from './expand-sweep.ts';
import { resolveRun } from './resolve-run.ts';
import { scaleTime } from './scale-time.ts';
import { scenarioSchema, studySchema, type ScenarioInput } from './scenario-schema.ts';
import { SourceDocument, type Path } from './source-document.ts';

/** One run to be made, and by which backend. */
export interface PlannedRun {
  /** Place among all runs of the study, from 0. */
  readonly index: number;
  readonly backend: 'sim' | 'live';
  readonly spec: RunSpec;
  /** Sync intervals of `spec` have been divided, its change rates multiplied by this. */
  readonly timeScale: number;
  /** p99 of the generator's scheduling lag beyond which a live run is invalid, ms. */
  readonly maxLagMs: number;
  /** What the bundled push service does wrong in a live run. */
  readonly faults: readonly FaultRule[];
}

type UnplacedRun = Omit<PlannedRun, 'index'>;

/** A scenario or study file, expanded. */
export interface Study {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** The file as run. */
  readonly text: string;
  readonly runs: readonly PlannedRun[];
  readonly thresholds: readonly StatedThreshold[];
}

/** What the command line changes in every scenario of the file. */
export interface Overrides {
  readonly backend?: ScenarioInput['backend'];
  readonly seeds?: readonly number[];
  readonly set?: readonly (readonly [Path, unknown])[];
}

/**
 * Reads, checks and expands a scenario or study file.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE, or DAVPULSE_SCENARIO_INVALID with one line
 * `file:line:column: field: what was expected` for each thing that is wrong
 */
export function loadStudy(file: string, overrides: Overrides = {}): Study {
  const source = SourceDocument.read(file);
  const parts = scenariosOf(source).map((scenario) =>
    expandScenario(scenario.with(overrides.set ?? []), overrides),
  );
  const [first] = parts;
  const study = isStudy(source) ? source.validate(studySchema) : undefined;
  return {
    name: study?.name ?? first?.input.name ?? '',
    title: study?.title ?? first?.input.title ?? first?.input.name ?? '',
    question: study?.question ?? first?.input.question ?? '',
    text: source.text,
    runs: parts.flatMap(({ runs }) => runs).map((run, index) => ({ ...run, index })),
    thresholds: parts.flatMap(({ input }) =>
      input.thresholds.map((text) => ({ scenario: input.name, text })),
    ),
  };
}

const isStudy = (source: SourceDocument): boolean => source.value(['kind']) === 'study';

function scenariosOf(source: SourceDocument): SourceDocument[] {
  if (!isStudy(source)) return [source];
  const study = source.validate(studySchema);
  return study.scenarios.map((_, index) => source.at(['scenarios', index]));
}

function expandScenario(
  source: SourceDocument,
  overrides: Overrides,
): { input: ScenarioInput; runs: UnplacedRun[] } {
  const input = source.validate(scenarioSchema);
  const runs = expandSweep(source, input).flatMap(({ label, source: point }) =>
    runsOfPoint(point, point.validate(scenarioSchema), label, overrides),
  );
  return { input, runs };
}

function runsOfPoint(
  source: SourceDocument,
  input: ScenarioInput,
  label: string,
  overrides: Overrides,
): UnplacedRun[] {
  const { timeScale, maxLag, faults } = input.live;
  const backend = overrides.backend ?? input.backend;
  const backends = backend === 'both' ? (['live', 'sim'] as const) : [backend];
  const seeds = overrides.seeds ?? seedsOf(input);
  return backends.flatMap((backend) =>
    seeds.map((seed) => ({
      backend,
      spec: scaleTime(resolveRun(source, input, label, seed), timeScale),
      timeScale,
      maxLagMs: maxLag,
      faults,
    })),
  );
}

const seedsOf = ({ seeds }: ScenarioInput): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, index) => index + 1) : seeds;
