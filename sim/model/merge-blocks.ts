import {
  mergeHistograms,
  type CauseBytes,
  type EnergyCause,
  type GroupRecord,
  type RunRecord,
} from '../metrics/index.ts';
import { perRequest } from '../spec.ts';
import type { BlockRecord } from './assemble.ts';

/**
 * The record of a run whose fleet was divided: sums are made in the order of the blocks, so it does not depend on who ran
 * them. @throws RangeError when there are none
 */
export function mergeBlocks(blocks: readonly BlockRecord[]): RunRecord {
  const records = blocks.map(({ record }) => record);
  const [first] = records;
  if (first === undefined) throw new RangeError('a run has at least one block');
  if (records.length === 1) return first;
  const sum = (value: (record: RunRecord) => number): number => total(records.map(value));
  const compared = sum(({ stateCheck }) => stateCheck.compared);
  /** Mean over all pairs of a device and a collection that it shows. */
  const mean = (empty: number, value: (record: RunRecord) => number): number =>
    compared === 0 ? empty : sum((record) => value(record) * record.stateCheck.compared) / compared;
  return {
    ...first,
    devices: sum(({ devices }) => devices),
    groups: first.groups.map((_, place) => mergeGroups(records.flatMap(({ groups }) => groups[place] ?? []))),
    requests: perRequest((kind) => sum(({ requests }) => requests[kind] ?? 0)),
    bytes: first.bytes.map(({ cause }, place) => mergeBytes(cause, place, records)),
    staleness: {
      high: mergeHistograms(records.map(({ staleness }) => staleness.high)),
      normal: mergeHistograms(records.map(({ staleness }) => staleness.normal)),
      low: mergeHistograms(records.map(({ staleness }) => staleness.low)),
    },
    freshShare: mean(1, ({ freshShare }) => freshShare),
    meanAgeMs: mean(0, ({ meanAgeMs = 0 }) => meanAgeMs),
    ledger: {
      changes: sum(({ ledger }) => ledger.changes),
      expected: sum(({ ledger }) => ledger.expected),
      seen: sum(({ ledger }) => ledger.seen),
      seenLate: sum(({ ledger }) => ledger.seenLate),
      lost: sum(({ ledger }) => ledger.lost),
    },
    server: {
      requests: sum(({ server }) => server.requests),
      peakPerSecond: peakOf(blocks),
      busyMs: sum(({ server }) => server.busyMs),
      ...(first.server.loopMs !== undefined && { loopMs: sum(({ server }) => server.loopMs ?? 0) }),
      ...(first.server.waitedMs !== undefined && { waitedMs: sum(({ server }) => server.waitedMs ?? 0) }),
      ...(first.server.majorGcs !== undefined && { majorGcs: sum(({ server }) => server.majorGcs ?? 0) }),
      responseMs: mergeHistograms(records.map(({ server }) => server.responseMs)),
      series: {
        ...first.server.series,
        requests: first.server.series.requests.map((_, bin) =>
          sum(({ server }) => server.series.requests[bin] ?? 0),
        ),
      },
    },
    stateCheck: { compared, different: sum(({ stateCheck }) => stateCheck.different) },
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function mergeGroups(parts: readonly GroupRecord[]): GroupRecord {
  const sum = (value: (group: GroupRecord) => number) => total(parts.map(value));
  const joules = (cause: EnergyCause) => sum(({ energyJ }) => energyJ[cause]);
  return {
    name: parts[0]?.name ?? '',
    devices: sum(({ devices }) => devices),
    contacts: sum(({ contacts }) => contacts),
    emptyContacts: sum(({ emptyContacts }) => emptyContacts),
    wakeUps: sum(({ wakeUps }) => wakeUps),
    energyJ: {
      promotion: joules('promotion'),
      active: joules('active'),
      tail: joules('tail'),
      idle: joules('idle'),
    },
  };
}

const mergeBytes = (
  cause: CauseBytes['cause'],
  place: number,
  records: readonly RunRecord[],
): CauseBytes => ({
  cause,
  up: total(records.map(({ bytes }) => bytes[place]?.up ?? 0)),
  down: total(records.map(({ bytes }) => bytes[place]?.down ?? 0)),
});

/** The most requests in one second, whichever block they came from. */
function peakOf(blocks: readonly BlockRecord[]): number {
  const seconds = new Uint32Array(blocks[0]?.perSecond.length ?? 0);
  for (const { perSecond } of blocks) {
    for (let second = 0; second < seconds.length; second += 1)
      seconds[second] = (seconds[second] ?? 0) + (perSecond[second] ?? 0);
  }
  return seconds.reduce((most, count) => Math.max(most, count), 0);
}
