import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { calibrate, formatServer, formatWire, type Calibration } from '../../src/capacity/index.ts';
import { runLive } from '../../src/live/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const transport = { http: '1.1', tls: false, keepAliveMs: 60_000 } as const;
const provenance = { command: 'davpulse calibrate', date: '2026-01-01', machine: 'this one' };
const folder = mkdtempSync(join(tmpdir(), 'davpulse-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

let calibration: Calibration;
beforeAll(async () => {
  calibration = await calibrate({
    transport,
    objectBytes: 1102,
    budgetMs: 200,
    signal: AbortSignal.timeout(50_000),
  });
});

const scenario = (policy: string) => `
kind: study
name: agreement
title: agreement
question: agreement
scenarios:
  - name: one
    backend: both
    duration: 3 s
    users: 6
    devices: [{ name: laptop, class: laptop, perUser: 2, radio: wired, link: loopback }]
    collections:
      - { name: team, members: 3, objects: 20, changes: { kind: poisson, perDay: 100000 } }
    pushService: loopback
    transport: { http: '1.1', tls: false }
    wire: ${join(folder, 'wire.yaml')}
    server: ${join(folder, 'server.yaml')}
    ${policy}
`;

describe('a calibration', () => {
  it('tells bytes and processor time of every kind of request', () => {
    for (const cost of Object.values(calibration.wire.requests)) {
      expect(cost.up).toBeGreaterThan(100);
      expect(cost.down).toBeGreaterThan(50);
    }
    expect(calibration.times['put']?.cpuMs).toBeGreaterThan(0);
    expect(calibration.wire.requests.multiget.downPerItem).toBeLessThan(1102);
  });

  it.each([
    ['polls', 'syncPolicy: { kind: fixed, interval: 500 ms }'],
    [
      'pushes',
      'syncPolicy: { kind: hybrid, safetyInterval: 1 h }\n    pushPolicy: { kind: window, window: 300 ms }',
    ],
  ])('lets the simulator foretell the requests and bytes of %s', async (_, policy) => {
    writeFileSync(join(folder, 'wire.yaml'), formatWire(calibration.wire, provenance));
    writeFileSync(join(folder, 'server.yaml'), formatServer(calibration.server, provenance));
    writeFileSync(join(folder, 'agreement.yaml'), scenario(policy));
    const spec = loadStudy(join(folder, 'agreement.yaml')).runs[0]?.spec;
    if (spec === undefined) throw new RangeError('the study has no run');
    const real = await runLive(spec, { signal: AbortSignal.timeout(40_000), timeScale: 1, maxLagMs: 2000 });
    const simulated = simulate(spec);
    const requests = (record: typeof real): number => record.server.requests;
    const bytes = (record: typeof real, way: 'up' | 'down'): number =>
      record.bytes.reduce((sum, count) => sum + count[way], 0);
    // Whether a push finds its device in a contact is a matter of milliseconds, so a loaded machine may differ by a few.
    const slack = 0.1;
    expect(Math.abs(requests(real) / requests(simulated) - 1)).toBeLessThan(slack);
    expect(Math.abs(bytes(real, 'up') / bytes(simulated, 'up') - 1)).toBeLessThan(slack);
    expect(Math.abs(bytes(real, 'down') / bytes(simulated, 'down') - 1)).toBeLessThan(slack);
  });
});
