import type { Chapter } from '../chapter.ts';
import { breakEven } from './break-even.ts';
import { clients } from './clients.ts';
import { importance } from './importance.ts';
import { merging } from './merging.ts';
import { outage } from './outage.ts';
import { overload } from './overload.ts';
import { polling } from './polling.ts';
import { safetyPoll } from './safety-poll.ts';
import { spread } from './spread.ts';
import { timeToLive } from './time-to-live.ts';

/** The chapters in the order of the guide; a new one is a file, a study in `scenarios/guide` and a line here. */
export const chapters: readonly Chapter[] = [
  polling,
  breakEven,
  merging,
  safetyPoll,
  spread,
  importance,
  timeToLive,
  outage,
  clients,
  overload,
];
