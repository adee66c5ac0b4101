import { expect, it } from 'vitest';
import { runShape, shapes } from './load-shapes.ts';

it.each(Object.entries(shapes))('a %s is the same live as simulated', async (name, check) => {
  const simulated = await runShape(name, 'sim');
  const live = await runShape(name, 'live');
  check(live.server.series.requests);
  expect(live.ledger).toMatchObject({ changes: simulated.ledger.changes, lost: 0 });
  expect(live.stateCheck.different).toBe(0);
  if (name.endsWith('storm')) return;
  // Second by second, but for requests that fall on a boundary.
  const [seconds, expected] = [live.server.series.requests, simulated.server.series.requests];
  const apart = seconds.reduce((sum, count, place) => sum + Math.abs(count - (expected[place] ?? 0)), 0);
  expect(apart).toBeLessThan(0.1 * live.server.requests);
});
