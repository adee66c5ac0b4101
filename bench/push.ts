import { spawnSync } from 'node:child_process';
import Table from 'cli-table3';
import { fanOut } from './push/fan-out.ts';
import { idle } from './push/idle.ts';
import { isolation } from './push/isolation.ts';
import { makeTargets, startSink, subscribeTargets, type Sink, type Target } from './push/set-up.ts';
import { window } from './push/window.ts';

/**
 * `npm run bench:push [-- --json] [-- --quick]`: what sending costs beside a plain loop over web-push, whether
 * merging keeps to its arithmetic and memory stays flat, whether sick endpoints trouble others, and what an idle
 * connection costs the push service.
 */
const asJson = process.argv.includes('--json');
const quick = process.argv.includes('--quick');

type Row = Readonly<Record<string, string | number>>;

function print(benchmark: string, rows: readonly Row[]): void {
  if (asJson) {
    for (const row of rows) process.stdout.write(`${JSON.stringify({ benchmark, ...row })}\n`);
    return;
  }
  const [first = {}] = rows;
  const table = new Table({ head: Object.keys(first), style: { head: [], border: [] } });
  for (const row of rows) {
    table.push(
      Object.values(row).map((value) =>
        typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : value,
      ),
    );
  }
  process.stdout.write(`\n${benchmark}\n${table.toString()}\n`);
}

// Heap figures need the collector on demand.
if (globalThis.gc === undefined) {
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', import.meta.filename, ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}

const sink = await startSink();
const subscriptions = quick ? 1000 : 10_000;
const told = async (receiver: string, at: Sink, targets: readonly Target[]): Promise<void> => {
  const rows = await fanOut(at, targets, quick ? 1 : 2);
  // Each round begins with the plain loop.
  let plain = rows[0];
  const shown = rows.map((row, place) => {
    if (place % 3 === 0) plain = row;
    const { arm, messages, wallMs, cpuMs, receiverCpuMs } = row;
    return {
      arm,
      messages,
      'wall ms': wallMs,
      'times the loop': (plain?.wallMs ?? 0) / wallMs,
      'messages/s': (messages / wallMs) * 1000,
      'CPU µs/message': (cpuMs / messages) * 1000,
      'messages/s per core': (messages / cpuMs) * 1000,
      'times the loop per core': (plain?.cpuMs ?? 0) / cpuMs,
      'receiver CPU µs/message': (receiverCpuMs / messages) * 1000,
    };
  });
  print(`1 change, ${targets.length} subscriptions, to ${receiver}`, shown);
};
await told('a receiver that keeps nothing', sink, makeTargets(sink.origin, subscriptions));
const service = await startSink('real-receiver.ts');
await told('the bundled push service', service, await subscribeTargets(service, subscriptions));
await service.stop();
const windowed = quick ? await window(sink, 100, 100, 4000) : await window(sink, 1000, 1000, 10_000);
print('changes merged by a window of 3 s', [{ ...windowed }]);
print(
  'change to acceptance, by endpoint',
  (await isolation(sink, quick ? 50 : 1000)).map((row) => ({ ...row })),
);
await sink.stop();
print('idle connections', [{ ...(await idle(quick ? 1000 : 10_000)) }]);
