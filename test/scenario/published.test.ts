import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const daySeconds = 86_400;

const energies = (name: string) =>
  loadStudy(`scenarios/published/${name}.yaml`).runs.map(({ spec }) => {
    const record = simulate({ ...spec, users: 10 });
    const { promotion = NaN, active = NaN, tail = NaN, idle = NaN } = record.groups[0]?.energyJ ?? {};
    return {
      spec,
      syncJ: (promotion + active + tail) / 10,
      idleJ: idle / 10,
      totalJ: (promotion + active + tail + idle) / 10,
    };
  });
const intervalS = ({ deviceGroups: [group] }: RunSpec): number =>
  (group?.syncPolicy.kind === 'fixed' ? group.syncPolicy.intervalMs : NaN) / 1000;

// Each radio stands in the scenario file itself, state by state, and its day has a closed form.
describe('a radio from a paper, written out in a scenario', () => {
  it('costs what keep-alives over 3G cost by the linear model', () => {
    for (const { spec, totalJ } of energies('3g-keep-alive')) {
      const each = (spec.deviceGroups[0]?.keepAliveMs ?? NaN) / 1000;
      // An interval shorter than the tail keeps the radio up for good.
      const perDay = each < 12.5 ? 0.62 * daySeconds : (daySeconds / each) * (3.5 + 0.62 * 12.5);
      expect(totalJ / (perDay + 0.02 * daySeconds)).toBeCloseTo(1, 2);
    }
  });

  it('costs little more than its beacons when it polls over Wi-Fi', () => {
    for (const { spec, syncJ, idleJ } of energies('wifi-dtim')) {
      const idleWatts = spec.deviceGroups[0]?.radio.idleWatts ?? NaN;
      expect(idleJ / (idleWatts * daySeconds)).toBeCloseTo(1, 6);
      // The handshake of three round trips (TCP, TLS, request), the server's time aside, and the tail.
      const awake = 3 * 0.02 + 0.2;
      const perPoll = syncJ / (daySeconds / intervalS(spec)) / (0.0693 - idleWatts);
      expect(perPoll).toBeGreaterThan(awake);
      expect(perPoll).toBeLessThan(awake + 0.02);
    }
  });

  it('costs a promotion, DRX and paging when it polls over LTE', () => {
    for (const { spec, totalJ } of energies('lte-drx')) {
      const long = (spec.deviceGroups[0]?.radio.tail[2]?.ms ?? NaN) / 1000;
      const paging = (0.5943 * 43.2) / 1280.2;
      const drx = 1.06 + ((1.6801 - 1.06) * 1.5) / 40;
      const shortDrx = 1.06 + (1.6801 - 1.06) / 20;
      const tail = 0.1 * 1.28804 + 0.02 * shortDrx + long * drx;
      // Three round trips of waiting in continuous reception, and a kilobyte or three each way.
      const polls = daySeconds / intervalS(spec);
      const awake = 0.2601 + 0.12 + long + 3 * 0.06;
      const expected =
        polls * (0.2601 * 1.2107 + 3 * 0.06 * 1.28804 + tail) + (daySeconds - polls * awake) * paging;
      expect(totalJ / expected).toBeGreaterThan(0.99);
      expect(totalJ / expected).toBeLessThan(1.02);
    }
  });
});
