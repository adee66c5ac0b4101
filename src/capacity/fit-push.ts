import { simulate, type RunSpec } from '../../sim/index.ts';
import { fitPair } from './fit-pair.ts';

/** A fleet that was pushed to, as the simulator takes it, and what its server took in processor time. */
export interface PushedFleet {
  readonly spec: RunSpec;
  readonly busyMs: number;
}

/** Cost of a burst: for each of its messages, and more when it finds the worker idle. */
export interface PushFit {
  readonly eachMs: number;
  readonly firstMs: number;
}

const rounds = 3;

/**
 * Finds the costs of messages with which simulated fleets take what the live ones did, in the sense of least squares:
 * what is left when everything else has been paid at the prices of the profile. `aloneMs` is what a message takes in
 * bursts that are sent again and again, which nothing is cheaper than; it comes back when the fleets tell nothing. Without
 * that bound one cost could stand for the other, as fleets differ little in how many messages find the server idle.
 */
export function fitPush(fleets: readonly PushedFleet[], aloneMs: number): PushFit {
  let fit: PushFit = { eachMs: aloneMs, firstMs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const rows = fleets.map((fleet) => rowOf(fleet, fit));
    const { x, y } = fitPair(rows, aloneMs);
    if (!(x + y > 0)) return { eachMs: aloneMs, firstMs: 0 };
    fit = { eachMs: x, firstMs: y };
  }
  return fit;
}

/**
 * How many messages there were, how many of them found a worker idle, and what they must have cost together. Near the
 * costs so far, as it depends on them a little who finds it idle.
 */
function rowOf({ spec, busyMs }: PushedFleet, { eachMs, firstMs }: PushFit) {
  const run = (pushFirstMs: number) =>
    simulate({
      ...spec,
      server: { ...spec.server, pushMs: { kind: 'constant', value: eachMs }, pushFirstMs },
    });
  const [plain, dearer] = [run(firstMs), run(firstMs + 1)];
  const sent = plain.server.series.pushes.reduce((sum, count) => sum + count, 0);
  const alone = dearer.server.busyMs - plain.server.busyMs;
  return { a: sent, b: alone, sum: busyMs - plain.server.busyMs + sent * eachMs + alone * firstMs };
}
