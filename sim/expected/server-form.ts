import { meanOf, quantileOf } from '../kernel/index.ts';
import { Histogram, type ServerRecord } from '../metrics/index.ts';
import { processorTime } from '../server/index.ts';
import { ofRequest, requestKinds, type Distribution, type RequestKind, type RunSpec } from '../spec.ts';
import { largestPoisson } from './poisson.ts';

const mostBins = 1440;
const steps = 400;

/** Evenly spread quantiles of a distribution. */
const quantilesOf = (distribution: Distribution): number[] =>
  Array.from({ length: steps }, (_, step) => quantileOf(distribution, (step + 0.5) / steps));

/** Share of the requests that wait for one of `workers` when `offered` of them would be busy on average: Erlang's C. */
export function waitingShare(offered: number, workers: number): number {
  const load = offered / workers;
  if (load >= 1) return 1;
  // Erlang's B by its recursion, which does not overflow, and C from it.
  let blocked = 1;
  for (let busy = 1; busy <= workers; busy += 1) blocked = (offered * blocked) / (busy + offered * blocked);
  return blocked / (1 - load * (1 - blocked));
}

/** Mean time that a request waits for one of `workers`, in ms: Erlang's C, scaled by the spread of service times as for M/G/1. */
export function meanWaitMs(perMs: number, meanMs: number, meanSquare: number, workers: number): number {
  const offered = perMs * meanMs;
  if (offered === 0) return 0;
  const load = offered / workers;
  if (load >= 1) return Infinity;
  const waits = waitingShare(offered, workers);
  return ((waits * meanMs) / (workers * (1 - load))) * (meanSquare / (2 * meanMs * meanMs));
}

/** Load of the server, from how many requests of each kind it gets. @throws RangeError when they are more than it can serve */
export function serverForm(
  spec: RunSpec,
  requests: Readonly<Record<RequestKind, number>>,
  pushes: number,
): ServerRecord {
  const { server, durationMs } = spec;
  const kinds = requestKinds.filter((kind) => requests[kind] > 0);
  const serviceOf = (kind: RequestKind) => ofRequest(server.serviceMs, kind);
  const samples = kinds.map((kind) => ({ count: requests[kind], values: quantilesOf(serviceOf(kind)) }));
  const total = kinds.reduce((sum, kind) => sum + requests[kind], 0);
  const pushMs = quantilesOf(server.pushMs);
  const messagesMs = pushes * meanOf(server.pushMs);
  const busyMs = kinds.reduce((sum, kind) => sum + requests[kind] * meanOf(serviceOf(kind)), messagesMs);
  const squares = samples.reduce(
    (sum, { count, values }) => sum + (count / steps) * values.reduce((all, value) => all + value ** 2, 0),
    (pushes / steps) * pushMs.reduce((all, value) => all + value ** 2, 0),
  );
  const jobs = total + pushes;
  const { besides = 0, pushBesides = besides } = server;
  // Few of a time, and so none for the threads of large bursts.
  const messages = { workersMs: messagesMs, besidesMs: pushBesides * messagesMs };
  const waitMs =
    jobs === 0 ? 0 : meanWaitMs(jobs / durationMs, busyMs / jobs, squares / jobs, server.workers);
  if (waitMs === Infinity) throw new RangeError('the server cannot keep up with so many requests');
  const response = new Histogram();
  for (const { count, values } of samples)
    for (const value of values) response.add(value + waitMs, count / steps);
  const seconds = Math.max(1, Math.ceil(durationMs / 1000));
  const secondsPerBin = Math.ceil(seconds / mostBins);
  const bins = Math.ceil(seconds / secondsPerBin);
  return {
    requests: total,
    peakPerSecond: largestPoisson(seconds, total / seconds),
    ...processorTime(server, { workersMs: busyMs, messages, majorGcs: 0, countedMs: durationMs }),
    responseMs: response.toData(),
    series: {
      binMs: secondsPerBin * 1000,
      requests: Array.from({ length: bins }, () => total / bins),
      pushes: Array.from({ length: bins }, () => pushes / bins),
    },
  };
}
