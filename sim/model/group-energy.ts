import type { EnergyCause } from '../metrics/index.ts';
import type { OtherTraffic } from '../spec.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Line } from './line.ts';

export interface GroupEnergy {
  readonly wakeUps: number;
  readonly energyJ: Record<EnergyCause, number>;
}

/** What syncing cost the radios of a group, both of them where there are two. */
export function groupEnergy({ lines, group }: DeviceKind): GroupEnergy {
  const parts = lines.map((line) => lineEnergy(line, group.otherTraffic?.attribution));
  const sum = (cause: EnergyCause) => parts.reduce((joules, { energyJ }) => joules + energyJ[cause], 0);
  return {
    wakeUps: parts.reduce((wakeUps, part) => wakeUps + part.wakeUps, 0),
    energyJ: { promotion: sum('promotion'), active: sum('active'), tail: sum('tail'), idle: sum('idle') },
  };
}

/** What of a radio's energy syncing has to answer for, above the idle floor and at least nothing; see `OtherTraffic`. */
function lineEnergy(
  { radio, alone }: Line,
  attribution: OtherTraffic['attribution'] | undefined,
): GroupEnergy {
  const all = radio.energyJ();
  if (alone === undefined || attribution === undefined) return { wakeUps: radio.wakeUps, energyJ: all };
  const [own, others] = [alone.own.totals, alone.others.totals];
  const [ownJ, othersJ] = [own.energyJ(), others.energyJ()];
  const charged = (together: number, apart: number, without: number) =>
    Math.max(0, attribution === 'marginal' ? together - without : (together - without + apart) / 2);
  const joules = (cause: EnergyCause) => charged(all[cause], ownJ[cause], othersJ[cause]);
  return {
    wakeUps: charged(radio.wakeUps, own.wakeUps, others.wakeUps),
    energyJ: {
      promotion: joules('promotion'),
      active: joules('active'),
      tail: joules('tail'),
      idle: all.idle,
    },
  };
}
