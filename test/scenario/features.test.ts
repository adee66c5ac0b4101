import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

describe.each(globSync('scenarios/features/*.yaml'))('%s', (file) => {
  it('runs at every point of its sweep, on a small fleet', () => {
    for (const { spec } of loadStudy(file, { set: [[['users'], 20]] }).runs) {
      const record = simulate({ ...spec, durationMs: 6 * 3_600_000, warmUpMs: 0 });
      expect(record.ledger.expected).toBe(record.ledger.seen + record.ledger.lost);
      expect(record.devices).toBeGreaterThan(0);
    }
  });
});
