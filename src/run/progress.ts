import type { RunSpec } from '../../sim/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';

/** What a study is doing now and how long it still takes. */
export interface Progress {
  readonly doing: string;
  readonly finishedRuns: number;
  readonly totalRuns: number;
  /** Share of the whole work, 0 to 1. */
  readonly share: number;
  readonly remainingMs: number;
  /** Events that all workers together handle a second; 0 while nothing is simulated. */
  readonly eventsPerSecond: number;
}

/** How far one run is: the share of it that is done and, for a simulated one, the events that this took. */
export interface RunProgress {
  readonly share: number;
  readonly events?: number;
  /** What it does, when it can tell more than its name. */
  readonly doing?: string;
}

/** A contact simulated takes about this long on one core before anything has been measured, ms. */
const initialMsPerContact = 0.0005;
/** Set-up and settling of a live run beside its counted time, ms. */
const liveOverheadMs = 8000;

/** Time that a live run takes, about, ms. */
export const liveRunMs = (spec: RunSpec): number => spec.warmUpMs + spec.durationMs + liveOverheadMs;

const hours = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function describe({ backend, spec }: PlannedRun, share: number): string {
  if (backend === 'live') return `live: ${spec.label}`;
  const hour = hours.format((share * (spec.warmUpMs + spec.durationMs)) / 3_600_000);
  return `simulating ${spec.label}, seed ${spec.seed}: hour ${hour}`;
}

/** Turns the reports of single runs into the progress of the whole; time left follows the speed measured so far. */
export class ProgressMeter {
  readonly #runs: readonly PlannedRun[];
  readonly #workers: number;
  readonly #done: number[];
  readonly #contacts: readonly number[];
  readonly #now: () => number;
  readonly #events: number[];
  #simStartedAt = NaN;
  #simMs = 0;

  constructor(runs: readonly PlannedRun[], workers: number, now: () => number) {
    this.#runs = runs;
    this.#workers = workers;
    this.#now = now;
    this.#done = runs.map(() => 0);
    this.#events = runs.map(() => 0);
    this.#contacts = runs.map(({ spec }) => estimateContacts(spec));
  }

  simulationStarts(): void {
    this.#simStartedAt = this.#now();
  }

  simulationEnds(): void {
    this.#simMs += this.#now() - this.#simStartedAt;
    this.#simStartedAt = NaN;
  }

  /** Time that the simulated runs have taken so far, ms. */
  get simulatedForMs(): number {
    return this.#simMs + (Number.isNaN(this.#simStartedAt) ? 0 : this.#now() - this.#simStartedAt);
  }

  /** Takes how far run `index` is; gives how far the study is. */
  report(index: number, { share, events = 0, doing }: RunProgress): Progress {
    this.#done[index] = Math.max(this.#done[index] ?? 0, share);
    this.#events[index] = Math.max(this.#events[index] ?? 0, events);
    const run = this.#runs[index];
    const elapsedSimMs = this.simulatedForMs;
    const contactsDone = this.#sum((_, i) => (this.#contacts[i] ?? 0) * (this.#done[i] ?? 0), 'sim');
    const contactsLeft = this.#sum((_, i) => (this.#contacts[i] ?? 0) * (1 - (this.#done[i] ?? 0)), 'sim');
    const msPerContact = contactsDone > 0 ? elapsedSimMs / contactsDone : initialMsPerContact / this.#workers;
    const liveDone = this.#sum((planned, i) => liveRunMs(planned.spec) * (this.#done[i] ?? 0), 'live');
    const liveLeft = this.#sum((planned, i) => liveRunMs(planned.spec) * (1 - (this.#done[i] ?? 0)), 'live');
    const remainingMs = contactsLeft * msPerContact + liveLeft;
    const spentMs = contactsDone * msPerContact + liveDone;
    return {
      doing: doing ?? (run === undefined ? '' : describe(run, share)),
      finishedRuns: this.#done.filter((done) => done >= 1).length,
      totalRuns: this.#runs.length,
      share: spentMs + remainingMs === 0 ? 1 : spentMs / (spentMs + remainingMs),
      remainingMs,
      eventsPerSecond: run?.backend === 'sim' ? (1000 * this.#eventsSoFar()) / elapsedSimMs : 0,
    };
  }

  #eventsSoFar(): number {
    return this.#events.reduce((sum, events) => sum + events, 0);
  }

  #sum(amount: (run: PlannedRun, index: number) => number, backend: PlannedRun['backend']): number {
    return this.#runs.reduce(
      (sum, run, index) => sum + (run.backend === backend ? amount(run, index) : 0),
      0,
    );
  }
}
