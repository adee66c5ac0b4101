import { mapRequests, type Distribution, type RunSpec } from '../../sim/index.ts';
import { withRate } from './with-rate.ts';

/** Something that a plan takes for granted, a fifth higher. */
export interface Assumption {
  readonly name: string;
  readonly apply: (spec: RunSpec) => RunSpec;
}

const more = 1.2;

export const assumptions: readonly Assumption[] = [
  {
    name: 'users have 20 % more devices',
    apply: (spec) => ({
      ...spec,
      deviceGroups: spec.deviceGroups.map((group) => ({ ...group, perUser: group.perUser * more })),
    }),
  },
  {
    name: 'collections change 20 % more often',
    apply: (spec) => withRate(spec, more),
  },
  {
    name: 'collections are shared by 20 % more users',
    apply: (spec) => ({
      ...spec,
      collectionGroups: spec.collectionGroups.map((group) =>
        group.members === 1
          ? group
          : { ...group, members: Math.min(spec.users, Math.ceil(group.members * more)) },
      ),
    }),
  },
  {
    name: 'requests take 20 % more of the server',
    apply: (spec) => ({
      ...spec,
      server: { ...spec.server, serviceMs: mapRequests(spec.server.serviceMs, scaled) },
    }),
  },
  {
    name: 'push messages take 20 % more of the server',
    apply: (spec) => ({ ...spec, server: { ...spec.server, pushMs: scaled(spec.server.pushMs) } }),
  },
];

function scaled(time: Distribution): Distribution {
  switch (time.kind) {
    case 'constant':
      return { ...time, value: time.value * more };
    case 'uniform':
      return { ...time, min: time.min * more, max: time.max * more };
    case 'exponential':
      return { ...time, mean: time.mean * more };
    case 'lognormal':
      return { ...time, median: time.median * more, p95: time.p95 * more };
    default: {
      const unknown: never = time;
      throw new RangeError(`no way to stretch ${JSON.stringify(unknown)}`);
    }
  }
}
