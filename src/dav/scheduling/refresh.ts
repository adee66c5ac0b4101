import type { DavContext } from '../context.ts';
import { findHeld } from './mailbox.ts';
import { localAttendees } from './participants.ts';
import { createRequests } from './receive-request.ts';
import { viewsOf } from './view.ts';

/** As Apple's calendar server does it by default: in batches, and not at all for large meetings. */
const batch = 5;
const pauseMs = 5000;
const mostAttendees = 50;

/** Tells the other attendees, later and in batches, how one of them answered. */
export interface Refresher {
  schedule(context: DavContext, uid: string, organizer: string, replier: string): void;
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

  const refresh = (uid: string, { context, organizer, waiting }: Job): void => {
    const users = [...waiting].slice(0, batch);
    for (const user of users) waiting.delete(user);
    const event = findHeld(context, organizer, uid)?.content;
    if (event === undefined) return;
    const views = viewsOf(context, event);
    const invited = localAttendees(context, event);
    const requests = createRequests(context, { user: organizer, dontNotify: [] }, organizer, uid);
    for (const user of users)
      if (invited.has(user) && findHeld(context, user, uid) !== undefined)
        requests.refresh(user, views(user));
  };
  const tick = (): void => {
    timer = undefined;
    for (const [uid, job] of jobs) {
      const { context } = job;
      context.store.transaction(() => refresh(uid, job));
      context.push?.wake();
      if (job.waiting.size === 0) jobs.delete(uid);
    }
    arm();
  };
  const arm = (): void => {
    if (jobs.size > 0) timer ??= setTimeout(tick, pauseMs).unref();
  };

  return {
    schedule: (context, uid, organizer, replier) => {
      const event = findHeld(context, organizer, uid)?.content;
      if (event === undefined) return;
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
