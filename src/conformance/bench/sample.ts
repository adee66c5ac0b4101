import type { Reply } from './asker.ts';
import type { Bench } from './bench.ts';
import type { Calendar } from './calendar.ts';
import type { PushResource, Received } from '../endpoint/push-resource.ts';
import type { Transcript } from './transcript.ts';

/** An ordinary course of things: one subscription, one event written, then written again. */
export interface Sample {
  readonly transcript: Transcript;
  readonly calendar: Calendar;
  readonly registration: Reply;
  readonly resource: PushResource;
  /** Of the first write; undefined when none came. */
  readonly first: Received | undefined;
  /** Of the second write. */
  readonly second: Received | undefined;
  /** From the answer to the first write to its message, ms. */
  readonly delayMs: number;
}

/** Makes the sample on a bench of its own. */
export async function takeSample(bench: Bench): Promise<Sample> {
  const calendar = await bench.makeCalendar();
  const resource = await bench.openResource();
  const registration = await bench.register(calendar.path, resource);
  await bench.write(calendar, 'sample');
  const writtenAt = Date.now();
  const first = await bench.messageOrNone(resource, 1);
  if (first !== undefined) await bench.write(calendar, 'sample', 'again');
  const second = first === undefined ? undefined : await bench.messageOrNone(resource, 2);
  const delayMs = Math.max(0, (first?.at ?? writtenAt) - writtenAt);
  return { transcript: bench.transcript, calendar, registration, resource, first, second, delayMs };
}
