import { describe, expect, it } from 'vitest';
import { OsGate, Usage } from '../../sim/device/index.ts';
import type { OsSpec, UsageSpec } from '../../sim/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const ticks = 1000;

/** AOSP DeviceIdleController at 01740ef. */
const android: OsSpec = {
  name: 'Android',
  doze: {
    light: {
      afterMs: 4 * minute,
      idleMs: 5 * minute,
      idleFactor: 2,
      maxIdleMs: 15 * minute,
      windowMs: minute,
      windowFactor: 1,
      maxWindowMs: 5 * minute,
    },
    deep: {
      afterMs: 60 * minute,
      idleMs: 60 * minute,
      idleFactor: 2,
      maxIdleMs: 6 * hour,
      windowMs: 5 * minute,
      windowFactor: 2,
      maxWindowMs: 10 * minute,
    },
  },
  wakingUrgency: 'high',
  pushGraceMs: 5 * minute,
};

const untouched: UsageSpec = {};
const gateOf = (os: OsSpec, usage: UsageSpec = untouched) => new OsGate(os, new Usage(usage, 7), 4);
const contactMinute = (gate: OsGate, wanted: number, device = 0) =>
  gate.contactAt(device, wanted * minute * ticks) / minute / ticks;

describe('a phone that lies untouched', () => {
  it('has the maintenance windows of deep idle that Android has', () => {
    const gate = gateOf(android);
    const starts = [100, 126, 300, 520, 900, 1250].map((wanted) => contactMinute(gate, wanted));
    expect(starts).toEqual([120, 245, 495, 865, 1235, 1605]);
  });

  it('lets contacts run while a window is open, and not when it has closed', () => {
    const gate = gateOf(android);
    expect(contactMinute(gate, 124.9)).toBe(124.9);
    expect(contactMinute(gate, 125)).toBe(245);
    expect(contactMinute(gate, 504.9)).toBe(504.9);
    expect(contactMinute(gate, 505)).toBe(865);
  });

  it('is in light idle before', () => {
    const gate = gateOf(android);
    expect([3, 4, 9.5, 12, 30].map((wanted) => contactMinute(gate, wanted))).toEqual([3, 9, 9.5, 20, 36]);
  });

  it('stays in light idle while it is carried about', () => {
    const gate = gateOf(android, { carried: { from: 0, to: 12, spreadMs: 0 } });
    expect(contactMinute(gate, 5 * 60)).toBeLessThan(5 * 60 + 16);
    // Put down at noon, it is in deep idle an hour later, and first let out at two.
    expect(contactMinute(gate, 13.5 * 60)).toBe(14 * 60);
  });

  it('lets an urgent push through and holds the others back', () => {
    const gate = gateOf(android);
    const at = 200 * minute * ticks;
    expect(gate.pushAt(0, at, 'high')).toBe(at);
    expect(gate.pushAt(0, at, 'normal')).toBe(245 * minute * ticks);
    expect(gate.pushedContactAt(0, at, at + 4 * minute * ticks)).toBe(at + 4 * minute * ticks);
    expect(gate.pushedContactAt(0, at, at + 6 * minute * ticks)).toBe(245 * minute * ticks);
  });
});

describe('a phone in use', () => {
  const night: UsageSpec = { charging: { from: 23, to: 7, spreadMs: 0 } };

  it('is free on the charger', () => {
    const gate = gateOf(android, night);
    expect(contactMinute(gate, 3 * 60)).toBe(3 * 60);
    expect(contactMinute(gate, 22 * 60 + 50)).toBe(23 * 60);
  });

  it('is free while its screen is on, and idles from when it went off', () => {
    const screen = { perDay: 24, lengthMs: { kind: 'constant', value: 2 * minute } } as const;
    const usage = new Usage({ screen }, 7);
    const gate = new OsGate(android, usage, 4);
    let touched = 0;
    for (let at = 0; at < 1440; at += 0.5) {
      const tick = at * minute * ticks;
      if (usage.nextTouch(1, tick) !== tick) continue;
      touched += 1;
      expect(usage.lastTouch(1, tick)).toBe(tick);
      expect(gate.contactAt(1, tick)).toBe(tick);
    }
    expect(touched).toBeGreaterThan(80);
    expect(touched).toBeLessThan(110);
  });

  it('has each device on its own hours when they are spread', () => {
    const usage = new Usage({ charging: { from: 23, to: 7, spreadMs: 2 * hour } }, 7);
    const starts = Array.from({ length: 200 }, (_, device) => usage.nextCharge(device, 12 * hour * ticks));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(22 * hour * ticks);
    expect(Math.max(...starts)).toBeLessThanOrEqual(24 * hour * ticks);
    expect(new Set(starts).size).toBe(200);
  });
});

describe('a quota of background contacts', () => {
  const quotas = [
    { contacts: 1, withinMs: 15 * minute },
    { contacts: 3, withinMs: 2 * hour },
  ];

  it('holds over any span of its length', () => {
    const gate = gateOf({ name: 'quota', quotas });
    const ran: number[] = [];
    for (let wanted = 0; wanted < 600; wanted += 1) {
      if (contactMinute(gate, wanted) !== wanted) continue;
      ran.push(wanted);
      gate.began(0, wanted * minute * ticks);
    }
    expect(ran.slice(0, 7)).toEqual([0, 15, 30, 120, 135, 150, 240]);
  });

  it('is lifted by opening the app, not by a screen that goes on', () => {
    const rare = [{ contacts: 3, withinMs: 24 * hour }];
    const contacts = (opens: number) => {
      const screen = { perDay: 60, lengthMs: { kind: 'constant', value: 2 * minute }, opens } as const;
      const gate = gateOf({ name: 'rare', quotas: rare }, { screen });
      let ran = 0;
      for (let wanted = 0; wanted < 1440; wanted += 1) {
        if (contactMinute(gate, wanted) !== wanted) continue;
        ran += 1;
        gate.began(0, wanted * minute * ticks);
      }
      return ran;
    };
    expect(contacts(0)).toBe(3);
    // Two minutes in each of sixty spells, or in about a tenth of them.
    expect(contacts(1)).toBeGreaterThan(100);
    expect(contacts(0.1)).toBeGreaterThan(5);
    expect(contacts(0.1)).toBeLessThan(30);
  });

  it('is not used up on the charger', () => {
    const gate = gateOf({ name: 'quota', quotas }, { charging: { from: 0, to: 6, spreadMs: 0 } });
    for (let wanted = 0; wanted < 300; wanted += 1) {
      expect(contactMinute(gate, wanted)).toBe(wanted);
      gate.began(0, wanted * minute * ticks);
    }
    expect(contactMinute(gate, 361)).toBe(361);
  });

  it('of a system that works on the charger only waits for it', () => {
    const gate = gateOf(
      { name: 'charger', onChargerOnly: true },
      { charging: { from: 23, to: 7, spreadMs: 0 } },
    );
    expect(contactMinute(gate, 12 * 60)).toBe(23 * 60);
  });
});

describe('a battery saver', () => {
  const usage: UsageSpec = {
    charging: { from: 23, to: 6.5, spreadMs: 0 },
    batteryLifeMs: 10 * hour,
    screen: {
      perDay: 1,
      lengthMs: { kind: 'constant', value: minute },
      hours: { from: 20, to: 21 },
      opens: 1,
    },
  };
  const saver = { below: 0.2, wakingUrgency: 'high' } as const;
  const gate = gateOf({ name: 'saving', batterySaver: saver }, usage);
  const at = (hours: number) => hours * hour * ticks;

  it('leaves contacts alone until the charge is low, eight of ten hours after the charger', () => {
    for (const wanted of [7, 14.4]) expect(gate.contactAt(0, at(wanted))).toBe(at(wanted));
  });

  it('lets them wait for the app to be opened, then for the charger', () => {
    for (const wanted of [14.6, 18]) {
      const allowed = gate.contactAt(0, at(wanted));
      expect(allowed).toBeGreaterThanOrEqual(at(20));
      expect(allowed).toBeLessThan(at(21));
    }
    expect(gate.contactAt(0, at(21.5))).toBe(at(23));
  });

  it('lets pushes through that are urgent enough', () => {
    expect(gate.pushAt(0, at(22), 'high')).toBe(at(22));
    expect(gate.pushAt(0, at(22), 'normal')).toBe(at(23));
    expect(gate.pushAt(0, at(12), 'low')).toBe(at(12));
  });

  it('is on for the share of devices that use it', () => {
    const some = new OsGate(
      { name: 'saving', batterySaver: { ...saver, share: 0.3 } },
      new Usage(usage, 7),
      1000,
    );
    const waiting = Array.from({ length: 1000 }, (_, device) => some.contactAt(device, at(22))).filter(
      (allowed) => allowed > at(22),
    );
    expect(waiting.length).toBeGreaterThan(250);
    expect(waiting.length).toBeLessThan(350);
  });
});
