import { expect, it } from 'vitest';
import { validate } from '../../src/capacity/validate.ts';
import { specOf } from '../live/spec.ts';

it('compares live runs with simulated ones from a server measured just before', async () => {
  const rows = await validate(
    [
      specOf({ users: 6, members: 3, durationMs: 2000 }),
      specOf({
        users: 6,
        members: 3,
        durationMs: 2000,
        syncPolicy: { kind: 'hybrid', safetyIntervalMs: 3_600_000, spreadMs: 0 },
        pushPolicy: { kind: 'window', windowMs: 300, ttlSeconds: 60, topic: 0 },
      }),
    ],
    { signal: AbortSignal.timeout(230_000), maxLagMs: 5000, budgetMs: 100 },
  );
  const gapOf = (figure: string) =>
    rows.filter((row) => row.figure === figure).map(({ gap }) => Math.abs(gap));
  // Whether a push finds its device in a contact is a matter of milliseconds, so a loaded machine may differ by a few.
  for (const figure of ['requests', 'bytes up', 'bytes down']) {
    expect(gapOf(figure)).toHaveLength(2);
    expect(Math.max(...gapOf(figure))).toBeLessThan(0.15);
  }
  expect(rows.filter(({ figure, live }) => figure === 'server CPU' && live > 0)).toHaveLength(2);
}, 240_000);
