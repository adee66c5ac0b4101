import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, formatServer, formatWire, type Calibration } from '../../src/capacity/index.ts';
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
    budgetMs: 20,
    fleets: true,
    signal: AbortSignal.timeout(280_000),
  });
}, 290_000);

const scenario = `
kind: scenario
name: one
duration: 3 s
users: 6
devices: [{ name: laptop, class: laptop, perUser: 2, radio: wired, link: loopback }]
collections:
  - { name: team, members: 3, objects: 20, changes: { kind: poisson, perDay: 100000 } }
transport: { http: '1.1', tls: false }
wire: ${join(folder, 'wire.yaml')}
server: ${join(folder, 'server.yaml')}
syncPolicy: { kind: fixed, interval: 500 ms }
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

  it('comes as data files that a scenario takes by name, numbers unchanged', () => {
    writeFileSync(join(folder, 'wire.yaml'), formatWire(calibration.wire, provenance));
    writeFileSync(join(folder, 'server.yaml'), formatServer(calibration.server, provenance));
    writeFileSync(join(folder, 'agreement.yaml'), scenario);
    const spec = loadStudy(join(folder, 'agreement.yaml')).runs[0]?.spec;
    expect(spec?.wire).toEqual(calibration.wire);
    expect(spec?.server).toEqual(calibration.server);
  });

  it('tells what beginning again costs, never less after a longer pause', () => {
    const { cold = [] } = calibration.server;
    expect(cold.length).toBeGreaterThan(3);
    const costs = cold.map(({ costMs }) => costMs);
    expect(costs.toSorted((a, b) => a - b)).toEqual(costs);
  });
});
