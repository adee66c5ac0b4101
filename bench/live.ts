import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild, runWrk, type DriverResult } from './live/run-child.ts';

/**
 * `npm run bench:live [-- --json] [-- --seconds=N]`: requests per second of the live fleet's driver, with every
 * device's state, policy, ledger and radio, beside autocannon and wrk: same server, same request, one run, in turns.
 */
const seconds = /--seconds=(\d+)/.exec(process.argv.join(' '))?.[1] ?? '4';
const asJson = process.argv.includes('--json');
const connections = '50';
const rounds = 3;
const body =
  '<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>https://davpulse.example/sync/1</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>';

interface Row {
  readonly driver: string;
  readonly perSecond: number;
  readonly cpuUsPerRequest: number;
  readonly failed: number;
}

const folder = await mkdtemp(join(tmpdir(), 'davpulse-bench-'));
const lua = join(folder, 'report.lua');
await writeFile(lua, `wrk.method="REPORT"\nwrk.headers["authorization"]="Basic dTpw"\nwrk.body='${body}'\n`);
const server = spawn(process.execPath, [new URL('./live/fixed-server.ts', import.meta.url).pathname], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [port] = (await once(server.stdout, 'data')) as [Buffer];
const origin = `http://127.0.0.1:${port.toString('utf8').trim()}`;

const rows: Row[] = [];
const note = (driver: string, { requests, failed, wallMs, cpuMs }: DriverResult): void => {
  rows.push({
    driver,
    perSecond: (requests / wallMs) * 1000,
    cpuUsPerRequest: (cpuMs / requests) * 1000,
    failed,
  });
};
try {
  for (let round = 0; round < rounds; round += 1) {
    note('davpulse live', await runChild('./drive.ts', [origin, connections, seconds]));
    note('autocannon', await runChild('./autocannon.ts', [origin, connections, seconds, body]));
    const wrk = await runWrk(lua, connections, seconds, `${origin}/calendar/`);
    if (wrk !== undefined) note('wrk', wrk);
    else if (round === 0)
      process.stderr.write('not installed: wrk; scripts/install-bench-references.sh brings it\n');
  }
} finally {
  server.kill('SIGTERM');
  await rm(folder, { recursive: true });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const drivers = [...new Set(rows.map(({ driver }) => driver))];
const perCoreOf = (driver: string): number =>
  median(rows.flatMap((row) => (row.driver === driver ? [1e6 / row.cpuUsPerRequest] : [])));
for (const driver of drivers) {
  const own = rows.filter((row) => row.driver === driver);
  const line = {
    driver,
    requestsPerSecond: Math.round(median(own.map(({ perSecond }) => perSecond))),
    requestsPerCoreSecond: Math.round(perCoreOf(driver)),
    shareOfAutocannon: perCoreOf(driver) / perCoreOf('autocannon'),
    failed: own.reduce((sum, { failed }) => sum + failed, 0),
    rounds,
  };
  process.stdout.write(
    asJson
      ? `${JSON.stringify(line)}\n`
      : `${line.driver.padEnd(15)} ${String(line.requestsPerSecond).padStart(7)} requests/s  ${String(line.requestsPerCoreSecond).padStart(7)} per core-second  ${(line.shareOfAutocannon * 100).toFixed(0).padStart(3)} % of autocannon\n`,
  );
}
