import { expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { asMeasured } from '../../src/capacity/as-measured.ts';
import { specOf } from '../live/spec.ts';

it('can be simulated where half of the messages took no longer than the work of the server', () => {
  const spec = specOf({
    durationMs: 20_000,
    syncPolicy: { kind: 'hybrid', safetyIntervalMs: 3_600_000, spreadMs: 0 },
    pushPolicy: { kind: 'window', windowMs: 300, ttlSeconds: 60, topic: 0 },
  });
  const { wire, server } = spec;
  const measured = { wire, server, pushDelay: { medianMs: 0, p95Ms: 3 }, roundTripMs: 0.1 };
  expect(simulate(asMeasured(spec, measured)).push.delivered).toBeGreaterThan(0);
});
