import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

const dayMs = 86_400_000;

/** Asks when its user takes the device in hand, or pulls to refresh, and at no other time. */
export const onUse = definePolicy({
  kind: 'on-use',
  summary: 'asks when its user opens the app, at random times of the waking day',
  parameters: {
    usesPerDay: { meaning: 'how often the user opens the app in a day', min: 0.001, max: 10_000 },
    minGapMs: { meaning: 'no second contact within this', min: 0, max: dayMs, default: 0 },
    wakeHour: { meaning: 'hour at which the waking day begins', min: 0, max: 24, default: 0 },
    sleepHour: { meaning: 'hour at which it ends', min: 0, max: 24, default: 24 },
  },
  create: ({ usesPerDay, minGapMs, wakeHour, sleepHour }): SyncPolicy => {
    const wakeMs = wakeHour * 3_600_000;
    const awakeMs = (sleepHour > wakeHour ? sleepHour - wakeHour : sleepHour + 24 - wakeHour) * 3_600_000;
    /** Waking time passed at an instant, and back. */
    const wakingTime = (ms: number) => {
      const since = ms - wakeMs;
      const day = Math.floor(since / dayMs);
      return day * awakeMs + Math.min(awakeMs, since - day * dayMs);
    };
    const instant = (waking: number) => {
      const day = Math.floor(waking / awakeMs);
      return wakeMs + day * dayMs + (waking - day * awakeMs);
    };
    const meanGapMs = awakeMs / usesPerDay;
    const after = (ms: number, draw: number) =>
      Math.max(ms, instant(wakingTime(ms) - meanGapMs * Math.log(1 - draw)));
    return {
      kind: 'on-use',
      usesPush: false,
      remembers: false,
      first: (moment) => after(moment.now, moment.random()),
      // Users come when they come, however long the last contact took.
      next: (moment) => Math.max(moment.now, after(moment.scheduled + minGapMs, moment.random())),
      onPush: () => Infinity,
    };
  },
});
