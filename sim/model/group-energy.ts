import type { EnergyCause } from '../metrics/index.ts';
import type { OtherTraffic } from '../spec.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Line } from './line.ts';

export interface GroupEnergy {
  readonly wakeUps: number;
  readonly energyJ: Record<EnergyCause, number>;
}

/** What syncing cost the radios of a group, both of them where there are two. */
export function groupEnergy({ first, second, group }: DeviceKind): GroupEnergy {
  const lines = second === undefined ? [first] : [first, second];
  const parts = lines.map((line) => lineEnergy(line, group.otherTraffic?.attribution));
  const sum = (cause: EnergyCause) => parts.reduce((joules, { energyJ }) => joules + energyJ[cause], 0);
  return {
    wakeUps: parts.reduce((wakeUps, part) => wakeUps + part.wakeUps, 0),
    energyJ: { promotion: sum('promotion'), active: sum('active'), tail: sum('tail'), idle: sum('idle') },
  };
}

/** What of a radio's energy syncing has to answer for, above the idle floor and at least nothing; see `OtherTraffic`. */
function lineEnergy(
  { radio, others }: Line,
  attribution: OtherTraffic['attribution'] | undefined,
): GroupEnergy {
  const all = radio.energyJ();
  if (others === undefined || attribution === undefined) return { wakeUps: radio.wakeUps, energyJ: all };
  const alone = others.energyJ();
  const share = radio.transferTicks === 0 ? 0 : 1 - others.transferTicks / radio.transferTicks;
  const own = (cause: EnergyCause) =>
    Math.max(0, attribution === 'marginal' ? all[cause] - alone[cause] : all[cause] * share);
  return {
    wakeUps: Math.max(0, radio.wakeUps - others.wakeUps),
    energyJ: { promotion: own('promotion'), active: own('active'), tail: own('tail'), idle: all.idle },
  };
}
