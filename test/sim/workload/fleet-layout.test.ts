import { expect, it } from 'vitest';
import { layoutFleet } from '../../../sim/index.ts';
import { plainCollections, plainSpec } from '../plain-spec.ts';

const who = (seed: number, layoutSeed?: number) => {
  const { memberList, zoneMsOfUser } = layoutFleet(
    plainSpec({
      seed,
      ...(layoutSeed !== undefined && { layoutSeed }),
      collectionGroups: [plainCollections({ members: 5 })],
      timeZones: [
        { offsetHours: 0, weight: 1 },
        { offsetHours: 9, weight: 1 },
      ],
    }),
  );
  return { members: [...memberList], zones: [...zoneMsOfUser] };
};

it('lets runs of several seeds be of one fleet', () => {
  expect(who(2, 1)).toEqual(who(1));
  expect(who(2).members).not.toEqual(who(1).members);
  expect(who(2).zones).not.toEqual(who(1).zones);
});
