import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { blockOf, divideFleet, type Division, type PartRange } from '../workload/index.ts';
import { devicesToRunApart, mayRunApart } from './apart.ts';
import { runWorld, type BlockRecord } from './assemble.ts';
import { mergeBlocks } from './merge-blocks.ts';
import type { Onlooker } from './run-events.ts';

/** How a fleet that may be run apart is divided, a block having as many devices as make it worth while. */
export const divisionOf = (spec: RunSpec, leastDevices = devicesToRunApart): Division | undefined =>
  mayRunApart(spec, leastDevices) ? divideFleet(spec, leastDevices) : undefined;

/** Runs the blocks `from` to `to` - 1 of a fleet, which leave out contacts that find nothing. */
export function runBlocks(
  spec: RunSpec,
  division: Division,
  { from, to }: PartRange,
  watcher: Onlooker = {},
): BlockRecord[] {
  const records: BlockRecord[] = [];
  const spanMs = spec.warmUpMs + spec.durationMs;
  let events = 0;
  for (const range of division.blocks.slice(from, to)) {
    const before = events;
    const onlooker: Onlooker = {
      onProgress: (simulatedMs, more) => {
        events = before + more;
        watcher.onProgress?.((records.length * spanMs + simulatedMs) / (to - from), events);
      },
      shouldStop: () => watcher.shouldStop?.() === true,
    };
    records.push(
      runWorld(spec, 'exact-elided', { orderless: true, block: blockOf(spec, division, range) }, onlooker),
    );
  }
  return records;
}

/** Runs all blocks, one after the other. */
export const runDivided = (spec: RunSpec, division: Division, onlooker: Onlooker): RunRecord =>
  mergeBlocks(runBlocks(spec, division, { from: 0, to: division.blocks.length }, onlooker));
