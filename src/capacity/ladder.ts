import { createRequire } from 'node:module';
import autocannon from 'autocannon';
import type { RequestKind } from '../../sim/index.ts';
import { processorMs } from '../live/index.ts';
import type { BenchBed } from './bench-bed.ts';
import { fitUsl, type LadderPoint, type UslFit } from './usl.ts';

/** One kind of request as a closed loop sends it. */
export interface LadderRequest {
  readonly kind: RequestKind;
  readonly method: 'PROPFIND' | 'REPORT' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What one rung showed. */
export interface Rung extends LadderPoint {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server for one request, ms; `NaN` where its process is not known. */
  readonly cpuMs: number;
  readonly failed: number;
}

/** A kind's whole ladder and the law that it follows. */
export interface Ladder {
  readonly kind: RequestKind;
  readonly rungs: readonly Rung[];
  readonly fit: UslFit;
}

export const rungs: readonly number[] = [1, 2, 4, 8, 16, 32];

/** Climbs with one kind of request: each rung is a closed loop of that many connections for `rungMs`, held to a rate if one is given. */
export async function climb(
  bed: BenchBed,
  request: LadderRequest,
  rungMs: number,
  mostPerSecond?: number,
): Promise<Ladder> {
  const { signal } = bed.session;
  allowDavMethods();
  const climbed: Rung[] = [];
  for (const concurrency of rungs) {
    climbed.push(await standOn(bed, request, concurrency, rungMs, mostPerSecond));
    signal.throwIfAborted();
  }
  return { kind: request.kind, rungs: climbed, fit: fitUsl(climbed) };
}

async function standOn(
  { target, session }: BenchBed,
  { method, path, headers, body }: LadderRequest,
  connections: number,
  rungMs: number,
  mostPerSecond: number | undefined,
): Promise<Rung> {
  const { pid } = target;
  const before = pid === undefined ? NaN : processorMs(pid);
  // A closed loop has no rate to fall behind, so autocannon's correction, which takes one anyway, stays out of it.
  const result = await untilAborted(session.signal, {
    url: `${target.origin}${path}`,
    method,
    connections,
    duration: rungMs / 1000,
    headers: { ...headers, authorization: session.credentials.authorization },
    body,
    ...(mostPerSecond !== undefined && { overallRate: mostPerSecond }),
  });
  const requests = result.requests.total;
  return {
    concurrency: connections,
    perSecond: requests / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMs: pid === undefined ? NaN : (processorMs(pid) - before) / requests,
    failed: result.errors + result.non2xx,
  };
}

/** A closed loop, which ends early, with what there is by then, when the signal is aborted. */
async function untilAborted(signal: AbortSignal, options: autocannon.Options): Promise<autocannon.Result> {
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const run = autocannon(options, (error: unknown, result) =>
    error instanceof Error ? reject(error) : resolve(result),
  );
  const stop = (): void => run.stop();
  signal.addEventListener('abort', stop, { once: true });
  return await promise.finally(() => signal.removeEventListener('abort', stop));
}

/** autocannon refuses methods that are not in this list of its own. */
function allowDavMethods(): void {
  const methods: unknown = createRequire(import.meta.url)('autocannon/lib/httpMethods');
  if (!Array.isArray(methods)) return;
  for (const method of ['PROPFIND', 'REPORT']) if (!methods.includes(method)) methods.push(method);
}
