import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { invitation } from './itip.ts';
import { findHeld, placeEvent } from './mailbox.ts';
import { localAttendees } from './participants.ts';

/** As Apple's calendar server does it by default: in batches, and not at all for large meetings. */
const batch = 5;
const pauseMs = 5000;
const mostAttendees = 50;

/** Tells the other attendees, later and in batches, how one of them answered. */
export interface Refresher {
  schedule(context: DavContext, uid: string, organizer: string, event: ICAL.Component, replier: string): void;
  close(): void;
}

interface Job {
  readonly context: DavContext;
  readonly organizer: string;
  readonly waiting: Set<string>;
}

export function createRefresher(): Refresher {
  const jobs = new Map<string, Job>();
  let timer: NodeJS.Timeout | undefined;

  const tick = (): void => {
    timer = undefined;
    for (const [uid, { context, organizer, waiting }] of jobs) {
      const users = [...waiting].slice(0, batch);
      context.store.transaction(() => {
        const event = findHeld(context, organizer, uid)?.content;
        for (const user of users) {
          waiting.delete(user);
          if (event === undefined || findHeld(context, user, uid) === undefined) continue;
          placeEvent(
            context,
            { user: organizer, dontNotify: [] },
            user,
            invitation(context, event, user),
            uid,
            true,
          );
        }
      });
      context.push?.wake();
      if (waiting.size === 0) jobs.delete(uid);
    }
    arm();
  };
  const arm = (): void => {
    if (jobs.size > 0) timer ??= setTimeout(tick, pauseMs).unref();
  };

  return {
    schedule: (context, uid, organizer, event, replier) => {
      const others = [...localAttendees(context, event)].filter((user) => user !== replier);
      if (others.length === 0 || others.length >= mostAttendees) return;
      const job = jobs.get(uid) ?? { context, organizer, waiting: new Set<string>() };
      for (const user of others) job.waiting.add(user);
      jobs.set(uid, job);
      arm();
    },
    close: () => clearTimeout(timer),
  };
}
