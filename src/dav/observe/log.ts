import { randomUUID } from 'node:crypto';
import type { Observer } from './observer.ts';

/** One line of JSON for each request; never a body, a password or a name inside a calendar. */
export function createLogger(write: (line: string) => void, now: () => number): Observer {
  return ({ request, outcome, bytesDown, durationMs }) => {
    const { answer, user, bytesUp } = outcome;
    write(
      JSON.stringify({
        time: new Date(now()).toISOString(),
        id: request.headers['x-request-id'] ?? randomUUID(),
        method: request.method,
        path: request.url,
        ...(answer?.report === undefined ? {} : { report: answer.report }),
        ...(user === undefined ? {} : { user }),
        status: answer?.status,
        durationMs: Math.round(durationMs * 1000) / 1000,
        bytesUp,
        bytesDown,
      }),
    );
  };
}
