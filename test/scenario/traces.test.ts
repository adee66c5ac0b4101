import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/scenario/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-traces-'));

const changesOf = (csv: string, file = 'trace.csv') => {
  writeFileSync(join(folder, 'trace.csv'), csv);
  const scenario = join(folder, 'scenario.yaml');
  writeFileSync(
    scenario,
    `name: base
duration: 1 d
users: 4
devices: [{ name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }]
collections: [{ name: personal, members: 1, changes: { kind: trace, file: ${file} } }]
syncPolicy: { kind: fixed, interval: 5 min }
`,
  );
  return loadStudy(scenario).runs[0]?.spec.collectionGroups[0]?.changes;
};

describe('a recorded workload', () => {
  it('may hold commas and quotes in the names of collections', () => {
    const csv = 'time,collection,size\n10 s,"Team, ""blue""",4\n20 s, plain ,5\n30 s,"Team, ""blue""",\n';
    expect(() => changesOf(csv)).toThrow('trace.csv:4: expected a size in bytes; got ""');
    expect(changesOf(csv.replace(/,\n$/, ',6\n'))).toEqual({
      kind: 'trace',
      atMs: [[10_000, 30_000], [20_000]],
      bytes: [[4, 6], [5]],
    });
  });

  it('is refused when it begins after the end of the run, as a date late in the week does', () => {
    const told =
      'scenario.yaml:5:75: collections.0.changes.file: expected changes within the run, which ends after 1 d; the first comes after ';
    expect(() => changesOf('time,collection\n40 d,a\n')).toThrow(`${told}40 d`);
    expect(() => changesOf('time,collection\n2026-01-07T10:00:00Z,a\n')).toThrow(`${told}58 h`);
    expect(changesOf('time,collection\n23 h,a\n40 d,a\n')).toMatchObject({ kind: 'trace' });
  });

  it('is refused in the words of the scenario when it cannot be read', () => {
    expect(() => changesOf('', '.')).toThrow('collections.0.changes.file: . cannot be read: EISDIR');
  });
});
