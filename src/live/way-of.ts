import {
  connectRoundTrips,
  createSampler,
  meanOf,
  streamKey,
  streams,
  type DeviceGroup,
  type RunSpec,
} from '../../sim/index.ts';
import type { Way } from '../client/index.ts';

/** A round trip that this machine makes anyway, ms; shorter ones are not imitated. */
const ownRoundTripMs = 1;

/** Whether live devices imitate a link rather than leave it to the machine. */
export const isLongWay = ({ rttMs }: DeviceGroup['link']): boolean => meanOf(rttMs) > ownRoundTripMs;

/** The way of a device to the server as its link has it; undefined where that is the machine's own. */
export function wayOf(
  { seed, transport }: Pick<RunSpec, 'seed' | 'transport'>,
  { link }: Pick<DeviceGroup, 'link'>,
  device: number,
): Way | undefined {
  if (!isLongWay(link)) return undefined;
  const sample = createSampler(link.rttMs);
  const key = streamKey(seed, streams.roundTrip);
  let draws = 0;
  return {
    roundTripMs: () => sample(key, device, draws++),
    mbpsUp: link.mbpsUp,
    mbpsDown: link.mbpsDown,
    connectRoundTrips: connectRoundTrips(transport),
  };
}
