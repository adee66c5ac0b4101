import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runStudy } from '../../src/run/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every mode and what can go wrong: polls that are left out, pushes, and a server that refuses, restarts and paces. */
const scenario = `
name: every kind
duration: 6 h
seeds: 2
users: 60
devices:
  - { name: phone, class: phone, perUser: 1.5, radio: lte-aro, link: lte, timeout: 2 s, retries: { most: 4, jitter: 0.5 } }
collections:
  - { name: personal, members: 1, changes: { kind: poisson, perDay: 24 } }
  - { name: team, members: 8, writer: external, changes: { kind: sessions, perDay: 6, changes: 3, gap: 20 s } }
syncPolicy: { kind: fixed, interval: 10 min }
sweep:
  - name: policy
    points:
      - { label: poll, set: {} }
      - { label: overload, set: { server: { like: davpulse, accept: { queue: 2, retryAfter: 20 s }, restarts: [{ at: 1 h, down: 3 min }] } } }
      - { label: paced, set: { syncPolicy: { kind: server-paced, interval: 5 min }, server: { like: davpulse, pacing: { steps: [{ load: 0, interval: 5 min }, { load: 0.0001, interval: 20 min }] } } } }
      - { label: push, set: { syncPolicy: { kind: hybrid, safetyInterval: 2 h }, pushPolicy: { kind: window, window: 3 s } } }
`;
const plain = scenario.replace(/, timeout.*(?= })/, '').replaceAll(/ {2}.*label: (overload|paced).*\n/g, '');

async function run(name: string, text: string, workers: number): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  const { finished, error } = await runStudy(loadStudy(file), {
    workers,
    signal: new AbortController().signal,
  });
  if (error !== undefined) throw error;
  return JSON.stringify(finished);
}

/** So large that its fleet is run in blocks, on as many threads as there are. */
const large = `
name: one large run
duration: 30 min
users: 200000
devices:
  - { name: phone, class: phone, perUser: 2, radio: lte-aro, link: lte }
collections:
  - { name: personal, members: 1, changes: { kind: poisson, perDay: 24 } }
  - { name: family, members: 3, changes: { kind: poisson, perDay: 24 } }
syncPolicy: { kind: jittered, interval: 15 min, jitter: 0.2 }
server: { like: davpulse, workers: 64 }
`;

describe.each([
  ['overload', scenario, '"refused":'],
  [
    'shortcuts',
    plain.replace('fixed, interval: 10 min', 'jittered, interval: 10 min'),
    '"mode":"exact-elided"',
  ],
  ['a large fleet', large, '"mode":"exact-elided"'],
])('a study of %s', (name, text, sign) => {
  it('yields the same bytes twice, and for 1, 2 and 4 workers', async () => {
    const once = await run(name, text, 1);
    expect(once).toContain(sign);
    for (const workers of [1, 2, 4]) expect(await run(name, text, workers)).toBe(once);
  });
});
