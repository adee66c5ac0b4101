import { expect, it } from 'vitest';
import { createDataCache } from '../../src/dav/objects/data-cache.ts';

it('keeps what is asked for again, and lets a listing of everything push none of it out', () => {
  const cache = createDataCache();
  const made: number[] = [];
  const ask = (id: number, revision = 1): string =>
    cache.get(id, revision, () => {
      made.push(id);
      return `${'x'.repeat(500)}${revision}`;
    });
  for (let time = 0; time < 4; time += 1) ask(0);
  expect(made).toEqual([0, 0]);
  for (let id = 1; id < 50_000; id += 1) ask(id);
  made.length = 0;
  ask(0);
  expect(made).toEqual([]);
  expect(ask(0, 2).endsWith('2')).toBe(true);
  expect(made).toEqual([0]);
});
