import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  formatServer,
  measureCapacity,
  type Capacity,
  type FleetLadder,
  type Ladder,
} from '../capacity/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { newTable } from '../report/index.ts';
import { parseThreshold } from '../results/index.ts';
import { loadStudy, shipped } from '../scenario/index.ts';
import { interruption } from './interruption.ts';
import { noteSharedProcessors } from './note-shared-processors.ts';
import { note, print } from './output.ts';
import { provenanceOf } from './provenance.ts';
import { targetOf, type TargetOptions } from './target-option.ts';

export interface CapacityCommandOptions extends TargetOptions {
  readonly objective: string;
  readonly mostUsers: number;
  readonly seconds: number;
  readonly out?: string;
  readonly name?: string;
  readonly workers: number;
  readonly json?: true;
}

/** Finds out what a server carries, prints it, and writes its profile when a file is given. */
export async function capacityAction(
  scenario: string | undefined,
  options: CapacityCommandOptions,
): Promise<void> {
  using interrupt = interruption();
  const file = scenario ?? shipped('capacity.yaml');
  const [first] = loadStudy(file, { backend: 'live' }).runs;
  if (first === undefined) throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file} has no run`);
  const server = targetOf(options);
  if (server === undefined) noteSharedProcessors();
  const capacity = await measureCapacity({
    name: options.name ?? (server === undefined ? 'davpulse' : new URL(server.url).host),
    fleet: first.spec,
    objective: parseThreshold(options.objective),
    ...(server && { server }),
    workers: options.workers,
    rungMs: options.seconds * 1000,
    mostUsers: Math.min(options.mostUsers, server?.users.length ?? Infinity),
    maxLagMs: first.maxLagMs,
    signal: interrupt.signal,
    onProgress: (doing) => note(doing),
  });
  print(options.json === true ? JSON.stringify(capacity) : render(capacity));
  if (options.out === undefined) return;
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, formatServer(capacity.profile, provenanceOf('davpulse capacity')));
  note(`profile: ${options.out} (in a scenario: server: ${options.out})`);
}

const render = ({ ladders, fleet, times, profile }: Capacity): string =>
  [...ladders.map(renderLadder), renderCosts(times, profile), renderFleet(fleet)].join('\n\n');

const fixed = (value: number, digits: number, unit = ''): string =>
  Number.isNaN(value) ? 'unknown' : `${value.toFixed(digits)}${unit}`;

function renderLadder({ kind, rungs, fit }: Ladder): string {
  const table = newTable(['connections', 'requests/s', 'fitted', 'p50', 'p99', 'server CPU', 'failed']);
  for (const [index, rung] of rungs.entries()) {
    table.push([
      String(rung.concurrency),
      rung.perSecond.toFixed(0),
      (rung.perSecond - (fit.residuals[index] ?? NaN)).toFixed(0),
      `${rung.p50Ms} ms`,
      `${rung.p99Ms} ms`,
      fixed(rung.cpuMs, 3, ' ms'),
      String(rung.failed),
    ]);
  }
  const of = ({ value, standardError }: Ladder['fit']['lambda'], digits: number): string =>
    `${value.toPrecision(digits)} ± ${standardError.toPrecision(2)}`;
  const peak = Number.isFinite(fit.peakConcurrency)
    ? `highest near ${fit.peakConcurrency.toFixed(0)} connections: ${fit.peakPerSecond.toFixed(0)} requests/s`
    : `bounded by contention: ${fit.peakPerSecond.toFixed(0)} requests/s`;
  const off = Math.max(
    ...fit.residuals.map((residual, index) => Math.abs(residual / (rungs[index]?.perSecond ?? NaN))),
  );
  return [
    kind,
    table.toString(),
    `λ = ${of(fit.lambda, 4)} requests/s, σ = ${of(fit.sigma, 3)}, κ = ${of(fit.kappa, 3)} (standard errors), off by at most ${(off * 100).toFixed(0)} %; ${peak}`,
  ].join('\n');
}

function renderCosts(times: Capacity['times'], { memory, cold, workers }: Capacity['profile']): string {
  const table = newTable(['request', 'server CPU', 'answer p50', 'p95']);
  for (const [kind, { cpuMs, medianMs, p95Ms }] of Object.entries(times)) {
    table.push([kind, fixed(cpuMs, 3, ' ms'), fixed(medianMs, 3, ' ms'), fixed(p95Ms, 3, ' ms')]);
  }
  const afterIdle = cold?.map(({ idleMs, costMs }) => `${costMs} ms after ${idleMs} ms`).join(', ');
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  return [
    table.toString(),
    `workers: ${workers}`,
    ...(afterIdle === undefined ? [] : [`to begin again after idle time: ${afterIdle}`]),
    ...(memory === undefined
      ? ['processor time and memory of the server are not known: times are those of answers to a lone client']
      : [
          `memory: ${(memory.baseBytes / 1e6).toFixed(0)} MB, ${kilobytes(memory.connectionBytes)} a connection, ${kilobytes(memory.subscriptionBytes)} a push subscription`,
        ]),
  ].join('\n');
}

const limits: Readonly<Record<FleetLadder['limit'], string>> = {
  objective: 'then the objective broke',
  generator: 'then the machine that makes the load fell behind: the server may carry more',
  accounts: 'that was the largest fleet tried: the server may carry more',
};

function renderFleet({ objective, rungs, devices, limit }: FleetLadder): string {
  const table = newTable([
    'users',
    'devices',
    'requests/s',
    'response p50',
    'p99',
    'staleness p50',
    'p95',
    'server CPUs',
    'memory',
    'verdict',
  ]);
  for (const rung of rungs) {
    table.push([
      String(rung.users),
      fixed(rung.devices, 0),
      fixed(rung.requestsPerSecond, 0),
      fixed(rung.responseP50Ms, 1, ' ms'),
      fixed(rung.responseP99Ms, 1, ' ms'),
      fixed(rung.stalenessP50Ms, 0, ' ms'),
      fixed(rung.stalenessP95Ms, 0, ' ms'),
      fixed(rung.processors, 2),
      fixed(rung.residentBytes / 1e6, 0, ' MB'),
      rung.verdict,
    ]);
  }
  return [
    `a mixed fleet, until ${objective} breaks`,
    table.toString(),
    `carries ${devices} devices; ${limits[limit]}`,
  ].join('\n');
}
