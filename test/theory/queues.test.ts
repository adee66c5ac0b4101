import { describe, expect, it } from 'vitest';
import { exponential, FifoServer, simulate, streamKey, uniform, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const day = 86_400_000;
const loads = [0.3, 0.5, 0.7];

/** Mean wait of requests, in ms, at a server of one worker that many users ask at random times: a Poisson process. */
function waitInFleet(serviceMs: number, load: number): number {
  const users = 4000;
  const usesPerDay = ((load / serviceMs) * day) / users;
  const { sum, count } = simulate(
    plainSpec({
      users,
      durationMs: 6 * 3_600_000,
      warmUpMs: 600_000,
      deviceGroups: [
        plainDevices({ syncPolicy: { kind: 'on-use', usesPerDay, minGapMs: 0, wakeHour: 0, sleepHour: 24 } }),
      ],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
      server: {
        ...plainSpec().server,
        serviceMs: { ...plainSpec().server.serviceMs, 'sync-token': constant(serviceMs) },
      },
    }),
  ).server.responseMs;
  return sum / count - serviceMs;
}

/** Feeds the server alone, without a fleet, with `count` jobs; times in units of the mean service time. */
function serveJobs(load: number, gap: (job: number) => number, service: (job: number) => number) {
  const count = 4_000_000;
  const server = new FifoServer(1);
  let arrival = 0;
  let waited = 0;
  let age = 0;
  let lastDone = 0;
  let newest = 0;
  for (let job = 0; job < count; job += 1) {
    arrival += gap(job) / load;
    const work = service(job);
    const done = server.serve(arrival, work);
    waited += done - work - arrival;
    // Between two deliveries the age of what is known grows from that of the last one delivered.
    age += ((done - newest) ** 2 - (lastDone - newest) ** 2) / 2;
    lastDone = done;
    newest = arrival;
  }
  return { meanWait: waited / count, meanAge: age / lastDone };
}

const key = streamKey(1, 99);
const one = () => 1;
const exponentialGap = (job: number) => exponential(key, 1, job);
const exponentialWork = (job: number) => exponential(key, 2, job);
const uniformWork = (job: number) => 2 * uniform(key, 3, job);

/** The root in (0, 1) of b = e^(-(1 - b) / rho): how many regular arrivals find a server with exponential service busy. */
function busyShare(load: number): number {
  let share = 0;
  for (let step = 0; step < 200; step += 1) share = Math.exp(-(1 - share) / load);
  return share;
}

describe.each(loads)('a server at load %f', (load) => {
  it('makes the requests of a fleet wait rho s / (2 (1 - rho)) with constant service (M/D/1)', () => {
    expectAgreement(waitInFleet(20, load), (load * 20) / (1 - load) / 2);
  });

  it('makes jobs wait rho / (mu - lambda) with exponential service (M/M/1)', () => {
    expectAgreement(serveJobs(load, exponentialGap, exponentialWork).meanWait, load / (1 - load));
  });

  it('makes jobs wait lambda E[S^2] / (2 (1 - rho)) with uniform service (M/G/1)', () => {
    const wait = (load * (4 / 3)) / (2 * (1 - load));
    expectAgreement(serveJobs(load, exponentialGap, uniformWork).meanWait, wait);
  });

  it('delivers information of the age that Kaul, Yates and Gruteser give (M/M/1)', () => {
    const age = 1 + 1 / load + load ** 2 / (1 - load);
    expectAgreement(serveJobs(load, exponentialGap, exponentialWork).meanAge, age);
  });

  it('delivers information of the age that they give for constant service (M/D/1)', () => {
    const age = 1 / (2 * (1 - load)) + 1 / 2 + ((1 - load) * Math.exp(load)) / load;
    expectAgreement(serveJobs(load, exponentialGap, one).meanAge, age);
  });

  it('delivers information of the age that they give for regular updates (D/M/1)', () => {
    expectAgreement(
      serveJobs(load, one, exponentialWork).meanAge,
      1 / (2 * load) + 1 / (1 - busyShare(load)),
    );
  });

  it('delivers fresher information from regular updates (D/D/1): a service time and half a gap', () => {
    expectAgreement(serveJobs(load, one, one).meanAge, 1 + 1 / load / 2);
  });
});

const herd = (users: number, serviceMs: number, spreadMs: number, hours: number): RunSpec =>
  plainSpec({
    users,
    durationMs: hours * 3_600_000,
    deviceGroups: [plainDevices({ syncPolicy: { kind: 'aligned', intervalMs: 3_600_000, spreadMs } })],
    collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
    server: {
      ...plainSpec().server,
      serviceMs: { ...plainSpec().server.serviceMs, 'sync-token': constant(serviceMs) },
    },
  });

describe.each([
  { users: 500, serviceMs: 10 },
  { users: 1000, serviceMs: 4 },
  { users: 200, serviceMs: 100 },
])('a herd of $users at $serviceMs ms each', ({ users, serviceMs }) => {
  it('waits (N - 1) s / 2 on average, and the last of it (N - 1) s', () => {
    const { sum, count, max } = simulate(herd(users, serviceMs, 0, 6)).server.responseMs;
    expectAgreement(sum / count - serviceMs, ((users - 1) * serviceMs) / 2);
    expectAgreement(max - serviceMs, (users - 1) * serviceMs);
  });

  it('waits less than rho s / (2 (1 - rho)) when spread over time', () => {
    const spreadMs = users * serviceMs * 2;
    const { sum, count } = simulate(herd(users, serviceMs, spreadMs, 200)).server.responseMs;
    const load = (users * serviceMs) / spreadMs;
    const bound = (load * serviceMs) / (2 * (1 - load));
    expect(sum / count - serviceMs).toBeLessThan(bound);
    expect(sum / count - serviceMs).toBeGreaterThan(bound * 0.7);
  });
});
