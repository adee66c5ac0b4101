import type { Parameters } from './parameter.ts';
import type { SyncMoment } from './sync-policy.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** When people are up, by the clock of the device's user. */
export const wakingDayParameters = {
  wakeHour: { meaning: 'hour at which the waking day begins', min: 0, max: 24, default: 0 },
  sleepHour: { meaning: 'hour at which it ends', min: 0, max: 24, default: 24 },
} as const satisfies Parameters;

/**
 * Things that people do at random while they are up, so many times a day: the next one after an instant, by one
 * uniform draw. A Poisson process on waking time.
 */
export function wakingDay(perDay: number, { wakeHour, sleepHour }: { wakeHour: number; sleepHour: number }) {
  const wakeMs = wakeHour * hourMs;
  const awakeMs = (sleepHour > wakeHour ? sleepHour - wakeHour : sleepHour + 24 - wakeHour) * hourMs;
  const meanGapMs = awakeMs / perDay;
  const wakingTime = (ms: number) => {
    const since = ms - wakeMs;
    const day = Math.floor(since / dayMs);
    return day * awakeMs + Math.min(awakeMs, since - day * dayMs);
  };
  const instant = (waking: number) => {
    const day = Math.floor(waking / awakeMs);
    return wakeMs + day * dayMs + (waking - day * awakeMs);
  };
  return (afterMs: number, { zoneMs, random }: Pick<SyncMoment, 'zoneMs' | 'random'>): number => {
    const waking = wakingTime(afterMs + zoneMs) - meanGapMs * Math.log(1 - random());
    return Math.max(afterMs, instant(waking) - zoneMs);
  };
}
