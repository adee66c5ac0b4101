import { request } from 'undici';
import type { Distribution, RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { FaultRule } from '../push/index.ts';

/** A delay that a real push service on this machine has anyway, ms; smaller ones are not imitated. */
const ownDelayMs = 10;

/** Whether live runs put messages off by this delay, rather than leave it to the machine. */
export const isImitated = (delayMs: Distribution): boolean =>
  delayMs.kind !== 'constant' || delayMs.value > ownDelayMs;

type Faulty = Pick<RunSpec, 'pushService'> & Partial<Pick<RunSpec, 'warmUpMs'>>;

/** Those faults of a scenario's push service that are there from the first message on: delays and limits. */
export function standingFaults({ pushService: { delayMs, throttle, deviceLimit } }: Faulty): FaultRule[] {
  const throttles = [throttle, deviceLimit].filter((each) => each !== undefined);
  return [
    ...throttles.map((spec): FaultRule => ({ fault: 'throttle', ...spec })),
    ...(isImitated(delayMs) ? [{ fault: 'delay', delayMs } as const] : []),
  ];
}

/** All of them, with its outages; their times count from the counted time on. */
export const faultsOf = (spec: Faulty): FaultRule[] => [
  ...(spec.pushService.outages ?? []).map(({ fromMs, toMs, lost }): FaultRule => {
    const { warmUpMs = 0 } = spec;
    return {
      fault: lost ? 'drop' : 'outage',
      fromMs: Math.max(0, fromMs - warmUpMs),
      toMs: Math.max(0, toMs - warmUpMs),
    };
  }),
  ...standingFaults(spec),
];

/**
 * Makes the bundled push service fail so, and no longer as it did before; the times of rules count from now.
 * @throws DavpulseError DAVPULSE_SERVER_FAILED when it does not take the plan, DAVPULSE_SERVER_UNREACHABLE when it does not answer
 */
export async function setPushFaults(
  pushServiceUrl: string,
  { seed }: Pick<RunSpec, 'seed'>,
  rules: readonly FaultRule[],
): Promise<void> {
  const answer = await request(`${pushServiceUrl}/faults`, {
    method: 'PUT',
    // One that is kept may just have been closed by the other side.
    reset: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seed, rules }),
  }).catch((cause: unknown) => {
    throw new DavpulseError(
      'DAVPULSE_SERVER_UNREACHABLE',
      'the push service did not answer to the faults of the scenario',
      { cause },
    );
  });
  await answer.body.dump();
  if (answer.statusCode >= 300) {
    throw new DavpulseError(
      'DAVPULSE_SERVER_FAILED',
      `the push service answered ${answer.statusCode} to the faults of the scenario`,
    );
  }
}
