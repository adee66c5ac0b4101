import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { simulate, type Distribution, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

/** Always the same value, but drawn: contacts with such a round trip take the long way through the model. */
const drawn = (value: number): Distribution => ({ kind: 'uniform', min: value, max: value });

const radios = [
  plainRadio,
  { ...plainRadio, promotion: { ms: 0, watts: 0 } },
  { ...plainRadio, promotion: { ms: 0, watts: 0 }, tail: [] },
  {
    ...plainRadio,
    tail: [
      { name: 'short', ms: 90, watts: 1 },
      { name: 'long', ms: 3000, watts: 0.4 },
    ],
  },
];

describe('a contact that finds nothing', () => {
  test.prop(
    [
      fc.record({
        seed: fc.integer({ min: 0, max: 1e6 }),
        intervalMs: fc.constantFrom(2000, 20_000, 300_000),
        roundTripMs: fc.constantFrom(0, 30, 400),
        serviceMs: fc.constantFrom(0, 5, 300),
        workers: fc.integer({ min: 1, max: 3 }),
        keepAliveMs: fc.constantFrom(0, 15_000, 1e9),
        check: fc.constantFrom('none' as const, 'sync-token' as const),
        writer: fc.constantFrom('device' as const, 'external' as const),
        warmUpMs: fc.constantFrom(0, 400_000),
        radio: fc.constantFrom(...radios),
      }),
    ],
    { numRuns: 100 },
  )('costs the same by the short way as by the long way', (drawnCase) => {
    const spec = (rttMs: Distribution): RunSpec =>
      plainSpec({
        seed: drawnCase.seed,
        users: 12,
        durationMs: 1_800_000,
        warmUpMs: drawnCase.warmUpMs,
        deviceGroups: [
          plainDevices({
            perUser: 2,
            radio: drawnCase.radio,
            link: { name: 'link', rttMs, mbpsUp: 1, mbpsDown: 2 },
            syncPolicy: { kind: 'fixed', intervalMs: drawnCase.intervalMs },
            client: { name: 'client', check: drawnCase.check, multigetBatch: 5 },
          }),
        ],
        collectionGroups: [
          plainCollections({ writer: drawnCase.writer, changes: { kind: 'poisson', perDay: 300 } }),
        ],
        transport: { http: '1.1', tls: true, keepAliveMs: drawnCase.keepAliveMs },
        server: {
          ...plainSpec().server,
          workers: drawnCase.workers,
          serviceMs: {
            ...plainSpec().server.serviceMs,
            'sync-token': constant(drawnCase.serviceMs),
            'sync-collection': constant(drawnCase.serviceMs),
          },
        },
      });
    const short = { ...simulate(spec(constant(drawnCase.roundTripMs))), spec: undefined };
    const long = { ...simulate(spec(drawn(drawnCase.roundTripMs))), spec: undefined };
    expect(short).toEqual(long);
  });
});
