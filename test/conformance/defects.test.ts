import { describe, expect, it } from 'vitest';
import { checks, defects } from '../../src/conformance/index.ts';
import { caught, runDefect } from './run-defect.ts';

describe('defects', () => {
  it('are many, and name checks that exist', () => {
    const ids = new Set(checks.map(({ id }) => id));
    expect(defects.length).toBeGreaterThanOrEqual(30);
    expect(new Set(defects.map(({ id }) => id)).size).toBe(defects.length);
    for (const { caughtBy, also = [] } of defects) {
      for (const id of [...caughtBy, ...also]) expect(ids).toContain(id);
      expect(caughtBy).not.toEqual([]);
    }
  });

  // That no other check sees them takes all checks for each defect: `npm run soak`.
  it.concurrent.each(defects)('$id is caught by the checks meant for it', async (defect) => {
    expect(caught(await runDefect(defect, defect.caughtBy)).toSorted()).toEqual(defect.caughtBy.toSorted());
  });
});
