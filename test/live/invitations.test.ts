import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { runLive } from '../../src/live/index.ts';
import { acceptedBy, meetingBody, readMeeting } from '../../src/live/meeting.ts';
import { specOf } from './spec.ts';

const people = 3;

/** Users with a calendar each, who invite two others now and then; these accept soon. */
function inviting(parts: Parameters<typeof specOf>[0] = {}): RunSpec {
  const plain = specOf({ users: 5, members: 1, durationMs: 3000, ...parts });
  return {
    ...plain,
    collectionGroups: plain.collectionGroups.map((group) => ({
      ...group,
      changes: {
        kind: 'scheduling' as const,
        perDay: 0.4 * 86_400,
        attendees: { kind: 'constant' as const, value: people },
        answerMs: { kind: 'constant' as const, value: 700 },
        deliverMs: 0,
        replyMs: 0,
        waveSize: 5,
        waveMs: 5000,
        mostRefreshed: 50,
      },
    })),
  };
}

const live = (spec: RunSpec) =>
  runLive(spec, { signal: AbortSignal.timeout(50_000), timeScale: 1, maxLagMs: 5000 });

describe('users who invite and answer', () => {
  it.each([
    // Long enough that answers are shown to the other attendees, which the server does after five seconds.
    ['poll', { durationMs: 6500 }],
    [
      'are pushed',
      {
        syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
        pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
      },
    ],
  ] as const)('leave it to the server to deliver, and all who %s learn of it', async (_name, parts) => {
    const spec = inviting(parts);
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(simulated.ledger.changes).toBeGreaterThan(20);
    expect(record.generator).toMatchObject({ failures: 0 });
    expect(record.stateCheck).toMatchObject({ different: 0 });
    expect(record.ledger).toMatchObject({ seen: record.ledger.expected, lost: 0 });
    // Invitations and answers are written by users, deliveries and replies are not.
    expect(record.requests.put).toBeLessThan(0.7 * record.ledger.changes);
    // An answer that is due before its device has the invitation comes later, or after the end.
    expect(record.ledger.changes).toBeLessThanOrEqual(simulated.ledger.changes);
    expect(record.ledger.changes).toBeGreaterThan(0.6 * simulated.ledger.changes);
  });

  it('is refused where the bundled server would deliver otherwise than the scenario says', async () => {
    const spec = inviting();
    const later = {
      ...spec,
      collectionGroups: spec.collectionGroups.map((group) => ({
        ...group,
        changes: { ...group.changes, deliverMs: 5000 },
      })),
    };
    // The same kind of changes with one number changed.
    await expect(live(later as RunSpec)).rejects.toMatchObject({
      code: 'DAVPULSE_OPTION_INVALID',
      message: expect.stringContaining('set deliver and reply to 0 s'),
    });
  });

  it('shows in copies who has accepted', () => {
    const [ann, bob] = ['mailto:ann@davpulse.invalid', 'mailto:Bob@davpulse.invalid'];
    const body = meetingBody('davpulse-meeting-1-0', ann, [bob], 900);
    expect(Math.abs(body.length - 900)).toBeLessThan(60);
    expect(readMeeting(body)).toEqual({ uid: 'davpulse-meeting-1-0', accepted: new Set([ann]) });
    expect(readMeeting(acceptedBy(body, bob))?.accepted).toEqual(new Set([ann, bob.toLowerCase()]));
    expect(readMeeting('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n')).toBeUndefined();
  });
});
