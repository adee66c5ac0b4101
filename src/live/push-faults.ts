import { request } from 'undici';
import type { Distribution, RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { FaultRule } from '../push/index.ts';

/** A delay that a real push service on this machine has anyway, ms; smaller ones are not imitated. */
const ownDelayMs = 10;

/** Whether live runs put messages off by this delay, rather than leave it to the machine. */
export const isImitated = (delayMs: Distribution): boolean =>
  delayMs.kind !== 'constant' || delayMs.value > ownDelayMs;

/**
 * Makes the bundled push service delay messages and fail as the scenario's does, and whatever else `more` says;
 * the times of rules count from now.
 * @throws DavpulseError DAVPULSE_SERVER_FAILED when it does not take the plan
 */
export async function setPushFaults(
  pushServiceUrl: string,
  {
    pushService,
    seed,
    warmUpMs = 0,
  }: Pick<RunSpec, 'pushService' | 'seed'> & Partial<Pick<RunSpec, 'warmUpMs'>>,
  more: readonly FaultRule[] = [],
): Promise<void> {
  const { delayMs, throttle, deviceLimit, outages = [] } = pushService;
  const throttles = [throttle, deviceLimit].filter((each) => each !== undefined);
  const rules = [
    ...outages.map(({ fromMs, toMs, lost }) => ({
      fault: lost ? 'drop' : 'outage',
      fromMs: Math.max(0, fromMs - warmUpMs),
      toMs: Math.max(0, toMs - warmUpMs),
    })),
    ...throttles.map((spec) => ({ fault: 'throttle', ...spec })),
    ...(isImitated(delayMs) ? [{ fault: 'delay', delayMs }] : []),
    ...more,
  ];
  const answer = await request(`${pushServiceUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seed, rules }),
  });
  await answer.body.dump();
  if (answer.statusCode >= 300) {
    throw new DavpulseError(
      'DAVPULSE_SERVER_FAILED',
      `the push service answered ${answer.statusCode} to the faults of the scenario`,
    );
  }
}
