import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { causeOf, requestKinds, type RunRecord } from '../../sim/index.ts';
import { metricById } from '../../src/results/index.ts';
import { segmentsOf, tcpIpBytes, tcpIpModel } from '../../src/results/tcp-ip.ts';
import { fixturePolicies, fixtureRun } from '../report/fixture.ts';

const model = tcpIpModel();
const { headerBytes, segmentBytes, connection, handshake } = model;
const [policy = { label: '', intervalMs: 1 }] = fixturePolicies;
const run = fixtureRun(policy, 1);

const lone = (asked: number, answered: number, last = 1) =>
  segmentsOf({ count: 1, asked, answered, last }, model);

describe('segments of an exchange', () => {
  // Counted by the kernel (OutSegs of /proc/net/snmp) for single exchanges over loopback with an MTU of 1500.
  it('are those that Linux sends', () => {
    expect(lone(437, 881)).toEqual({ asking: 2, answering: 1 });
    expect(lone(437, 881, 0)).toEqual({ asking: 1, answering: 1 });
    expect(lone(519, 1919)).toEqual({ asking: 2, answering: 2 });
    expect(lone(519, 1919, 0)).toEqual({ asking: 2, answering: 2 });
  });

  it('fill up before there is one more', () => {
    expect(lone(1, segmentBytes).answering).toBe(1);
    expect(lone(1, segmentBytes + 1).answering).toBe(2);
    // Every second full segment is acknowledged.
    expect(lone(1, 10 * segmentBytes)).toEqual({ asking: 1 + 5, answering: 10 });
    expect(lone(3 * segmentBytes, 1)).toEqual({ asking: 3 + 1, answering: 1 + 1 });
  });

  const bytes = fc.double({ min: 0, max: 1e7, noNaN: true });
  const last = fc.double({ min: 0, max: 1, noNaN: true });
  test.prop([fc.integer({ min: 1, max: 1000 }), bytes, bytes, bytes, bytes, last])(
    'are at least one each way for each exchange, and never fewer for more bytes',
    (count, asked, answered, moreAsked, moreAnswered, last) => {
      const few = segmentsOf({ count, asked, answered, last }, model);
      const many = segmentsOf(
        { count, asked: asked + moreAsked, answered: answered + moreAnswered, last },
        model,
      );
      expect(few.asking).toBeGreaterThanOrEqual(count);
      expect(few.answering).toBeGreaterThanOrEqual(count);
      expect(many.asking).toBeGreaterThanOrEqual(few.asking);
      expect(many.answering).toBeGreaterThanOrEqual(few.answering);
    },
  );

  it('are none without an exchange', () => {
    expect(segmentsOf({ count: 0, asked: 0, answered: 0, last: 1 }, model)).toEqual({
      asking: 0,
      answering: 0,
    });
  });
});

describe('the TCP/IP bytes of a run', () => {
  const polls = 5000;
  const requests = { ...run.requests };
  for (const kind of requestKinds) requests[kind] = kind === 'sync-collection' ? polls : 0;
  const [group] = run.groups;
  if (group === undefined) throw new RangeError('the fixture has a group');

  /** Polls that find nothing, each a contact of its own. */
  const polling = (tls: boolean, keepAliveMs: number): RunRecord => ({
    ...run,
    requests,
    groups: [{ ...group, contacts: polls }],
    spec: {
      ...run.spec,
      transport: { http: '1.1', tls, keepAliveMs },
      wire: { ...run.spec.wire, connect: tls ? { up: 453, down: 2524 } : { up: 0, down: 0 } },
    },
    bytes: [
      { cause: 'check', up: 500 * polls, down: 900 * polls },
      { cause: 'connect', up: tls ? 453 * polls : 0, down: tls ? 2524 * polls : 0 },
    ],
  });
  const at = (record: RunRecord, cause: string) =>
    tcpIpBytes(record).find((bytes) => bytes.cause === cause) ?? { up: NaN, down: NaN };

  it('of polls over TLS follow from their number', () => {
    const record = polling(true, 0);
    expect(at(record, 'check')).toEqual({
      cause: 'check',
      up: polls * 2 * headerBytes,
      down: polls * headerBytes,
    });
    // The two hellos: one segment up and two down, of which the second pair is acknowledged.
    expect(at(record, 'connect')).toEqual({
      cause: 'connect',
      up: polls * (2 + connection.up + handshake.up) * headerBytes,
      down: polls * (2 + connection.down + handshake.down) * headerBytes,
    });
  });

  it('of polls in clear text have a connection each where none is kept, and none where all are', () => {
    expect(at(polling(false, 0), 'connect').up).toBeCloseTo(polls * connection.up * headerBytes, 6);
    expect(at(polling(false, 1e12), 'connect').up).toBeCloseTo(0, 6);
  });

  it('count one acknowledgement less where requests follow each other in a contact', () => {
    const record = polling(true, 0);
    const longer = { ...record, groups: [{ ...group, contacts: polls / 2 }] };
    expect(at(longer, 'check').up).toBe(polls * 1.5 * headerBytes);
  });

  it('are a metric, the same for either backend, and the sum of those by cause', () => {
    const of = (id: string, record: RunRecord) => metricById(id).of(record);
    const total = of('bytes.tcp-ip', run);
    const causes = [...new Set(Object.values(causeOf)), 'push', 'keep-alive', 'connect'];
    const sum = causes.reduce((all, cause) => all + of(`bytes.tcp-ip.${cause}`, run), 0);
    expect(total).toBeGreaterThan(0);
    expect(sum).toBeCloseTo(total, 6);
    expect(of('bytes.tcp-ip', { ...run, backend: 'live', mode: 'live' })).toBe(total);
  });
});
