import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runShape, shapes } from './load-shapes.ts';

describe('the load shapes', () => {
  it('have a scenario each, and each scenario a shape', () => {
    const files = readdirSync('scenarios/load').map((file) => file.replace('.yaml', ''));
    expect(files.toSorted()).toEqual([...Object.keys(shapes), 'diurnal'].toSorted());
  });

  it.each(Object.entries(shapes))('simulate a %s', async (name, check) => {
    const record = await runShape(name, 'sim');
    check(record.server.series.requests);
    expect(record.ledger.lost).toBe(0);
  });

  it('follow the hours of a day', async () => {
    const { series } = (await runShape('diurnal', 'sim')).server;
    const perHour = 3_600_000 / series.binMs;
    const hour = (from: number, to: number): number =>
      series.requests.slice(from * perHour, to * perHour).reduce((total, count) => total + count, 0) /
      (to - from);
    expect(hour(8, 11)).toBeGreaterThan(3 * hour(0, 24) * 0.6);
    expect(hour(8, 11)).toBeGreaterThan(5 * hour(0, 5));
  });

  it('kill a real server and have every device come back, with nothing lost', async () => {
    const record = await runShape('reconnect-storm', 'live');
    shapes['reconnect-storm']?.(record.server.series.requests);
    expect(record.ledger).toMatchObject({ seen: record.ledger.expected, lost: 0 });
    expect(record.stateCheck.different).toBe(0);
    expect(record.failures?.retried).toBeGreaterThanOrEqual(12);
    expect(record.failures?.abandoned).toBe(0);
  });
});
