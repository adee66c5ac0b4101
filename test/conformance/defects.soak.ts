import { describe, expect, it } from 'vitest';
import { defects } from '../../src/conformance/index.ts';
import { caught, runDefect } from './run-defect.ts';

describe('defects', () => {
  it.concurrent.each(defects)(
    '$id is caught by the checks meant for it and by no unrelated one',
    async (defect) => {
      const seen = caught(await runDefect(defect));
      expect(seen).toEqual(expect.arrayContaining([...defect.caughtBy]));
      const related = new Set([...defect.caughtBy, ...(defect.also ?? [])]);
      expect(seen.filter((id) => !related.has(id))).toEqual([]);
    },
    120_000,
  );
});
