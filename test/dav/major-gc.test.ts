import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { majorGc } from '../../src/dav/observe/major-gc.ts';

it('counts collections of the whole heap, and how long they take', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('no collector to call');
  const before = majorGc();
  collect();
  await vi.waitFor(() => expect(majorGc().count).toBeGreaterThan(before.count));
  expect(majorGc().seconds).toBeGreaterThan(before.seconds);
});
