import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mainThreadTime, processorMs, residentBytes, whyNoOwnProcessors } from '../../src/live/index.ts';

const wastedMs = 300;
const lacks = whyNoOwnProcessors();

/** A process whose child, not itself, uses so much processor time and then waits. */
async function wasteful() {
  const waste = `const from = process.cpuUsage(); while (process.cpuUsage(from).user < ${wastedMs * 1000}); console.log('done'); setTimeout(() => {}, 60_000);`;
  const code = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(waste)}], { stdio: 'inherit' }); process.on('SIGTERM', () => process.exit());`;
  const parent = spawn(process.execPath, ['-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  await once(parent.stdout, 'data');
  return parent;
}

describe('what a process costs', () => {
  it('has the processor time and memory of its children in it', async () => {
    const parent = await wasteful();
    const pid = parent.pid ?? 0;
    try {
      expect(processorMs(pid)).toBeGreaterThan(wastedMs);
      expect(processorMs(pid)).toBeLessThan(20 * wastedMs);
      // Two Node processes, each with a heap of its own.
      expect(residentBytes(pid)).toBeGreaterThan(20e6);
      expect(residentBytes(pid)).toBeLessThan(2e9);
    } finally {
      process.kill(-pid);
    }
  });

  it.skipIf(lacks !== undefined)(
    `tells how long a thread waited for a processor that another had${lacks === undefined ? '' : ` (${lacks})`}`,
    async () => {
      const spin = `const from = process.cpuUsage(); while (process.cpuUsage(from).user < ${wastedMs * 1000}); console.log('done'); setTimeout(() => {}, 60_000);`;
      const processor = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
      const pinned = ['--cpu-list', processor ?? '0', process.execPath, '-e', spin];
      const pair = [1, 2].map(() => spawn('taskset', pinned, { stdio: ['ignore', 'pipe', 'inherit'] }));
      try {
        await Promise.all(pair.map(({ stdout }) => once(stdout, 'data')));
        for (const { pid = 0 } of pair) expect(mainThreadTime(pid).ranMs).toBeGreaterThan(wastedMs / 2);
        // While both were at it, one of them waited.
        expect(pair.reduce((sum, { pid = 0 }) => sum + mainThreadTime(pid).waitedMs, 0)).toBeGreaterThan(
          wastedMs / 2,
        );
      } finally {
        for (const child of pair) child.kill();
      }
    },
  );

  it('is not a number for a process that is not there', () => {
    expect(processorMs(4_000_000)).toBeNaN();
    expect(mainThreadTime(4_000_000).waitedMs).toBeNaN();
    expect(residentBytes(4_000_000)).toBeNaN();
  });
});
