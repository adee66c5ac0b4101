import { measureCapacity, type Ladder } from '../capacity/index.ts';
import { newTable } from '../report/index.ts';
import { interruption } from './interruption.ts';
import { note, print } from './output.ts';

export interface CapacityCommandOptions {
  readonly tls?: true;
  readonly objectBytes: number;
  readonly seconds: number;
  readonly json?: true;
}

/** Climbs the ladder of each kind of request and prints rungs and fits. */
export async function capacityAction(options: CapacityCommandOptions): Promise<void> {
  using interrupt = interruption();
  const ladders = await measureCapacity({
    transport: { http: '1.1', tls: options.tls === true, keepAliveMs: 60_000 },
    objectBytes: options.objectBytes,
    rungMs: options.seconds * 1000,
    signal: interrupt.signal,
    onProgress: (kind) => note(`climbing: ${kind}`),
  });
  if (options.json === true) for (const ladder of ladders) print(JSON.stringify(ladder));
  else for (const ladder of ladders) print(render(ladder));
}

function render({ kind, rungs, fit }: Ladder): string {
  const table = newTable(['connections', 'requests/s', 'fitted', 'p50', 'p99', 'server CPU', 'failed']);
  for (const [index, rung] of rungs.entries()) {
    table.push([
      String(rung.concurrency),
      rung.perSecond.toFixed(0),
      (rung.perSecond - (fit.residuals[index] ?? NaN)).toFixed(0),
      `${rung.p50Ms} ms`,
      `${rung.p99Ms} ms`,
      `${rung.cpuMs.toFixed(3)} ms`,
      String(rung.failed),
    ]);
  }
  const of = ({ value, standardError }: Ladder['fit']['lambda'], digits: number): string =>
    `${value.toPrecision(digits)} ± ${standardError.toPrecision(2)}`;
  const peak = Number.isFinite(fit.peakConcurrency)
    ? `highest near ${fit.peakConcurrency.toFixed(0)} connections: ${fit.peakPerSecond.toFixed(0)} requests/s`
    : `bounded by contention: ${fit.peakPerSecond.toFixed(0)} requests/s`;
  return [
    kind,
    table.toString(),
    `λ = ${of(fit.lambda, 4)} requests/s, σ = ${of(fit.sigma, 3)}, κ = ${of(fit.kappa, 3)} (standard errors); ${peak}`,
    '',
  ].join('\n');
}
