import type { RunSpec } from '../../sim/index.ts';
import type { FaultRule } from '../push/index.ts';
import { livingThreadsMs, mainThreadTime, processorMs } from './process-cost.ts';
import { faultsOf, setPushFaults } from './push-faults.ts';
import { readEngineTotals, readPushTotals } from './push-totals.ts';
import type { Target } from './target.ts';

/** What a server and its push service count of themselves. */
export interface ServerCounts {
  readonly busyMs: number;
  /** Of the main thread, and how long it waited for a processor. */
  readonly loopMs: number;
  readonly waitedMs: number;
  /** `NaN` where it does not tell. */
  readonly majorGcs: number;
  readonly accepted: number;
  readonly dropped: number;
  readonly merged: number;
  readonly failed: number;
}

/** What happens at the server of a run, as far as it is ours: its counters, its push service's faults, its restarts. */
export class ServerWatch {
  readonly #target: Target;
  readonly #spec: RunSpec;
  /** By processes that were killed. */
  #spent: ServerCounts = {
    busyMs: 0,
    loopMs: 0,
    waitedMs: 0,
    majorGcs: 0,
    accepted: 0,
    dropped: 0,
    merged: 0,
    failed: 0,
  };
  #isDown = false;
  #back: Promise<void> = Promise.resolve();

  constructor(target: Target, spec: RunSpec) {
    this.#target = target;
    this.#spec = spec;
  }

  async read(): Promise<ServerCounts> {
    const { pid, origin, pushServiceUrl } = this.#target;
    const running = this.#isDown ? undefined : pid;
    const { ranMs, waitedMs } = running === undefined ? { ranMs: 0, waitedMs: 0 } : mainThreadTime(running);
    const busyMs = running === undefined ? 0 : processorMs(running);
    const livingMs = running === undefined ? NaN : livingThreadsMs(running);
    const [service, engine] = await Promise.all([
      readPushTotals(pushServiceUrl),
      readEngineTotals(pushServiceUrl === undefined ? undefined : origin),
    ]);
    const { accepted, dropped, merged, failed } = this.#spent;
    // What threads used that have ended is known from outside to no better than 20 ms, but the server can tell.
    const endedMs = running === undefined ? NaN : engine.processMs - livingThreadsMs(running);
    return {
      busyMs: this.#spent.busyMs + (Number.isNaN(endedMs) ? busyMs : livingMs + endedMs),
      loopMs: this.#spent.loopMs + ranMs,
      waitedMs: this.#spent.waitedMs + waitedMs,
      majorGcs: this.#spent.majorGcs + (running === undefined ? 0 : engine.majorGcs),
      accepted: accepted + service.accepted,
      dropped: dropped + service.dropped,
      merged: merged + engine.merged,
      failed: failed + engine.failed,
    };
  }

  /** Kills the server for so long. It takes its counters with it. */
  async restart(downMs: number): Promise<void> {
    this.#spent = await this.read();
    this.#isDown = true;
    this.#back = this.#target.restart?.(downMs) ?? Promise.resolve();
    await this.#back;
    this.#isDown = false;
  }

  /** Gives when a server that was killed is back. */
  async settled(): Promise<void> {
    await this.#back;
  }

  /** Lets the push service fail as the scenario says; the times of what is to come count from now. */
  async startFaults(faults: readonly FaultRule[]): Promise<void> {
    const { pushServiceUrl } = this.#target;
    const { outages = [] } = this.#spec.pushService;
    if (faults.length + outages.length === 0 || pushServiceUrl === undefined) return;
    await setPushFaults(pushServiceUrl, this.#spec, [...faultsOf(this.#spec), ...faults]);
  }
}
