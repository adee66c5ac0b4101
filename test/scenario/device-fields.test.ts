import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/scenario/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-devices-'));
const scenario = (
  device: string,
  more = '',
  collections = 'members: 1, changes: { kind: poisson, perDay: 4 }',
) =>
  `name: base
duration: 1 h
users: 10
devices:
  - { name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte${device} }
collections:
  - { name: personal, ${collections} }
syncPolicy: { kind: fixed, interval: 5 min }
${more}`;
const load = (text: string) => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return loadStudy(file);
};
const complaint = (text: string): string => {
  try {
    load(text);
  } catch (error) {
    return String(error).replaceAll(`${folder}/`, '');
  }
  return 'accepted';
};
const firstDevices = (text: string) => load(text).runs[0]?.spec.deviceGroups[0];

describe('a device group', () => {
  it('has the rules of its operating system and of its bucket', () => {
    const group = firstDevices(scenario(', os: android, bucket: rare, usage: phone'));
    expect(group?.os?.quotas).toEqual([
      { contacts: 1, withinMs: 900_000 },
      { contacts: 3, withinMs: 86_400_000 },
    ]);
    expect(group?.os).not.toHaveProperty('buckets');
    expect(group?.usage?.charging).toEqual({ from: 23, to: 6.5, spreadMs: 7_200_000 });
  });

  it('roams, shares its radio, has a push service and a battery of its own', () => {
    const group = firstDevices(
      scenario(
        `, roaming: { radio: wifi-aro, link: wifi, hours: [{ from: 19, to: 8 }] },
      otherTraffic: { gap: 5 min, length: 2 s, bytesDown: 20000, attribution: shapley },
      pushService: { like: fcm, delay: 9 s }, batteryMah: 4000, batteryVolts: 3.7`,
      ),
    );
    expect(group?.roaming?.radio.name).toContain('Wi-Fi');
    expect(group?.roaming?.hours).toEqual([{ from: 19, to: 8, spreadMs: 3_600_000 }]);
    expect(group?.otherTraffic).toMatchObject({ gapMs: { value: 300_000 }, attribution: 'shapley' });
    expect(group?.pushService).toMatchObject({ name: 'FCM', delayMs: { kind: 'constant', value: 9000 } });
    expect(group?.batteryJ).toBeCloseTo(4 * 3.7 * 3600, 6);
  });

  it('may be without a push service', () => {
    expect(firstDevices(scenario(', pushService: none'))?.pushService).toBeNull();
  });

  it('takes a radio of the reader’s own, state by state', () => {
    const radio = `{ name: mine, promotion: { time: 1 s, watts: 0.5 }, active: { watts: 1, wattsPerMbpsUp: 0.2 },
        tail: [{ name: high, time: 5 s, watts: 0.8, dutyCycle: { onWatts: 1.1, on: 10 ms, cycle: 100 ms },
          carries: { bytesUp: 100, bytesDown: 100, restartsTimer: false } },
          { name: low, time: 12 s, watts: 0.4, promotion: { time: 300 ms, watts: 0.6 } }],
        idleWatts: 0.01, idleDutyCycle: { onWatts: 0.4, on: 40 ms, cycle: 1280 ms },
        paging: { kind: uniform, min: 0 ms, max: 1280 ms } }`;
    const group = firstDevices(scenario('').replace('radio: lte-aro', `radio: ${radio}`));
    expect(group?.radio.tail).toEqual([
      {
        name: 'high',
        ms: 5000,
        watts: 0.8,
        dutyCycle: { onWatts: 1.1, onMs: 10, cycleMs: 100 },
        carries: { bytesUp: 100, bytesDown: 100, restartsTimer: false },
      },
      { name: 'low', ms: 12_000, watts: 0.4, promotion: { ms: 300, watts: 0.6 } },
    ]);
  });

  it('lets any number of a data file be swept', () => {
    const study = load(
      scenario(
        '',
        'pushService: { like: fcm }\nsweep: [{ field: pushService.throttle.refill, values: [1 min, 9 min] }]',
      ),
    );
    expect(study.runs.map(({ spec }) => spec.pushService.throttle?.refillMs)).toEqual([60_000, 540_000]);
    expect(study.runs[0]?.spec.pushService.throttle).toMatchObject({ burst: 20, over: 'delay' });
  });
});

describe('a device group that cannot be', () => {
  it.each([
    [
      'an unknown bucket',
      scenario(', os: android, bucket: sometimes'),
      'scenario.yaml:5:94: devices.0.bucket: expected one of active, working, frequent, rare, restricted, the buckets of Android; got "sometimes"',
    ],
    [
      'a bucket of no system',
      scenario(', bucket: rare'),
      'devices.0.bucket: expected an os whose bucket it is',
    ],
    [
      'a field that the file does not have',
      scenario('').replace('link: lte', 'link: { like: lte, speed: 3 }'),
      'scenario.yaml:5:88: devices.0.link.speed: unknown field',
    ],
    [
      'a value out of range beside like',
      scenario('').replace('link: lte', 'link: { like: lte, mbpsUp: -3 }'),
      'scenario.yaml:5:89: devices.0.link.mbpsUp: expected a number above 0; got -3',
    ],
    [
      'like nothing that there is',
      scenario('').replace('link: lte', 'link: { like: telegraph }'),
      'devices.0.link: expected one of ',
    ],
    [
      'small transfers in a state that comes later',
      scenario('')
        .replace(
          'link: lte',
          'link: lte, radio: { like: 3g-pch, tail: [{ name: DCH, time: 4 s, watts: 1, carries: { bytesUp: 9, bytesDown: 9, in: FACH } }] }',
        )
        .replace('radio: lte-aro, ', ''),
      'devices.0.radio.tail.0.carries.in: expected a state of the tail up to here (DCH); got "FACH"',
    ],
    [
      'push without a push service',
      scenario(
        ', pushService: none, syncPolicy: { kind: hybrid, safetyInterval: 4 h }',
        'pushPolicy: { kind: immediate }\n',
      ),
      'devices.0.syncPolicy: expected a policy that polls: hybrid follows pushes, and phone has no push service',
    ],
    [
      'a hold that outlasts the memory of the network',
      scenario(', syncPolicy: { kind: long-poll, hold: 10 min }').replace(
        'link: lte',
        'link: { like: lte, natTimeout: 5 min }',
      ),
      'devices.0.syncPolicy.hold: expected a hold of less than 300 s',
    ],
    [
      'a battery saver that knows no charge',
      scenario(', batterySaver: android, usage: phone'),
      'devices.0.batterySaver: expected a usage with hours on a charger and a batteryLife',
    ],
    [
      'push connections that the network forgets for good',
      scenario(
        ', keepAlive: 0 s, syncPolicy: { kind: hybrid, safetyInterval: 4 h }',
        'pushPolicy: { kind: immediate }\n',
      ).replace('link: lte', 'link: { like: lte, natTimeout: 5 min }'),
      'devices.0.keepAlive: expected keep-alives on the push connections of phone',
    ],
    [
      'push that nobody sends',
      scenario(', syncPolicy: { kind: on-push }'),
      'devices.0.syncPolicy: expected a policy that polls, or a pushPolicy',
    ],
    [
      'a system that waits for a charger that never comes',
      scenario(', os: ios-automatic'),
      'devices.0.os: expected a usage with hours on a charger',
    ],
    [
      'two batteries',
      scenario(', batteryWh: 15, batteryMah: 4000'),
      'devices.0.batteryMah: expected batteryWh or batteryMah, not both',
    ],
    [
      'a doze ladder that shrinks',
      scenario(', os: { like: android, doze: { deep: { maxIdle: 5 min } } }'),
      'devices.0.os.doze.deep: expected a maxIdle of at least idle',
    ],
    [
      'half an hour of a day',
      scenario(', usage: { name: odd, charging: { from: 25, to: 3 } }'),
      'devices.0.usage.charging.from: expected a number from 0 to 24; got 25',
    ],
    [
      'a time zone beyond the date line',
      scenario('', 'timeZones: [{ offset: 20, weight: 1 }]\n'),
      'timeZones.0.offset: expected a number from -12 to 14; got 20',
    ],
  ])('with %s names the place and what was expected', (_, text, expected) => {
    expect(complaint(text)).toContain(expected);
  });
});

describe('collections', () => {
  const with_ = (fields: string) => scenario('', '', fields);
  const group = (fields: string) => load(with_(fields)).runs[0]?.spec.collectionGroups[0];

  it('may belong to everybody', () => {
    expect(group('members: all, changes: { kind: poisson, perDay: 4 }')?.members).toBe(10);
  });

  it('draw importance from how soon events are', () => {
    const lead = 'lead: { kind: exponential, mean: 3 d }, highWithin: 4 h, normalWithin: 14 d';
    const importance = group(
      `members: 1, changes: { kind: poisson, perDay: 4 }, importance: { ${lead} }`,
    )?.importance;
    expect(importance?.high).toBeCloseTo(1 - Math.exp(-4 / 72), 6);
    expect(importance?.low).toBeCloseTo(Math.exp(-14 / 3), 6);
    const median = 'lead: { kind: lognormal, median: 4 h, p95: 14 d }, highWithin: 4 h, normalWithin: 14 d';
    const split = group(
      `members: 1, changes: { kind: poisson, perDay: 4 }, importance: { ${median} }`,
    )?.importance;
    expect(split?.high).toBeCloseTo(0.5, 3);
    expect(split?.low).toBeCloseTo(0.05, 3);
  });

  it('repeat a recording in a file', () => {
    writeFileSync(
      join(folder, 'trace.csv'),
      'time,collection,size\n90,work,1200\n15 min,home,300\n30,work,800\n',
    );
    expect(group('members: 1, changes: { kind: trace, file: trace.csv }')?.changes).toEqual({
      kind: 'trace',
      atMs: [[30_000, 90_000], [900_000]],
      bytes: [[800, 1200], [300]],
    });
  });

  it('put dated recordings into the week that they were made in', () => {
    // The 4th of March 2026 is a Wednesday.
    writeFileSync(
      join(folder, 'dated.csv'),
      'collection,time\nwork,2026-03-04T09:00:00Z\nwork,2026-03-05T10:30:00+01:00\n',
    );
    const text = scenario('', '', 'members: 1, changes: { kind: trace, file: dated.csv }');
    const [run] = load(text.replace('duration: 1 h', 'duration: 7 d')).runs;
    expect(run?.spec.collectionGroups[0]?.changes).toEqual({
      kind: 'trace',
      atMs: [[(48 + 9) * 3_600_000, (72 + 9.5) * 3_600_000]],
    });
  });

  it.each([
    [
      'no file',
      'nowhere.csv',
      undefined,
      'scenario.yaml:7:65: collections.0.changes.file: expected a CSV file',
    ],
    ['no header', 'a.csv', '1,work,5\n', 'a.csv:1: expected the columns time, collection and size'],
    ['a bad time', 'b.csv', 'time,collection\nsoon,work\n', 'b.csv:2: expected a time such as 90'],
    [
      'a bad size',
      'c.csv',
      'time,collection,size\n1,work,big\n',
      'c.csv:2: expected a size in bytes; got "big"',
    ],
    ['nothing in it', 'd.csv', 'time,collection\n', 'd.csv:2: expected at least one change'],
    [
      'dates among times',
      'e.csv',
      'time,collection\n1,work\n2026-03-04,work\n',
      'e.csv:3: expected dates only, or times since the start only',
    ],
    [
      'too many collections',
      'f.csv',
      `time,collection\n${Array.from({ length: 11 }, (_, index) => `1,c${index}`).join('\n')}\n`,
      'expected at most the 10 collections of the group; f.csv names 11',
    ],
  ])('refuse a recording with %s', (_, name, text, expected) => {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    expect(complaint(with_(`members: 1, changes: { kind: trace, file: ${name} }`))).toContain(expected);
  });

  it('refuse invitations with nobody to invite', () => {
    const scheduling = 'members: all, changes: { kind: scheduling, perDay: 1, attendees: 4, answer: 30 min }';
    expect(complaint(with_(scheduling))).toContain(
      'collections.0.changes.kind: expected a group of at least two calendars',
    );
  });
});
