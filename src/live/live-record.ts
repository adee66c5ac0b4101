import type { PushTotals, RunRecord, RunSpec } from '../../sim/index.ts';
import type { SetUp } from './fleet.ts';
import type { LiveLedger } from './ledger.ts';
import type { LoopDelay } from './loop-watch.ts';
import { residentBytes } from './process-cost.ts';
import type { Recorder } from './recorder.ts';

/** What a run counted outside its devices. */
export interface Lived {
  readonly busyMs: number;
  readonly loopMs: number;
  readonly waitedMs: number;
  readonly majorGcs: number;
  readonly push: PushTotals;
  readonly loop: LoopDelay;
}

/** Everything that a finished run knows. */
export interface LiveFindings {
  readonly spec: RunSpec;
  readonly devices: number;
  readonly timeScale: number;
  readonly recorder: Recorder;
  readonly ledger: LiveLedger;
  /** Of the server, when it runs on this machine. */
  readonly pid: number | undefined;
  readonly lived: Lived;
  readonly setUp: SetUp;
  readonly stateCheck: RunRecord['stateCheck'];
}

/** The record of a live run. */
export function liveRecord(findings: LiveFindings): RunRecord {
  const { spec, recorder, ledger, lived, pid } = findings;
  const failures = recorder.failureRecord();
  return {
    spec,
    backend: 'live',
    mode: 'live',
    timeScale: findings.timeScale,
    countedMs: spec.durationMs,
    devices: findings.devices,
    groups: recorder.groups(),
    requests: recorder.requests(),
    bytes: recorder.bytes(),
    staleness: ledger.staleness(),
    freshShare: ledger.freshShare(),
    ledger: ledger.totals(),
    push: lived.push,
    server: {
      ...recorder.server(lived.busyMs),
      ...(pid !== undefined && {
        loopMs: lived.loopMs,
        waitedMs: lived.waitedMs,
        ...(!Number.isNaN(lived.majorGcs) && { majorGcs: lived.majorGcs }),
        residentBytes: residentBytes(pid),
      }),
    },
    ...(failures === undefined ? {} : { failures }),
    stateCheck: findings.stateCheck,
    generator: { ...recorder.generator(), eventLoopDelayMs: lived.loop, setUp: findings.setUp },
  };
}
