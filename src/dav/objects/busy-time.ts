import ICAL from 'ical.js';
import { instancesOf, type Range } from '../recurrence/instances.ts';
import type { Zone } from '../recurrence/zone.ts';
import { utcText } from '../query/time-range.ts';

export type BusyType = 'BUSY' | 'BUSY-TENTATIVE' | 'BUSY-UNAVAILABLE';

export interface BusyPeriod {
  readonly fromMs: number;
  readonly toMs: number;
  readonly type: BusyType;
}

/** The times at which a calendar object makes its owner busy (RFC 4791 section 7.10). */
export function busyPeriods(
  calendar: ICAL.Component,
  range: Range,
  maxInstances: number,
  floating: Zone,
): BusyPeriod[] {
  const clip = (fromMs: number, toMs: number, type: BusyType): BusyPeriod[] =>
    toMs > range.fromMs && fromMs < range.toMs && toMs > fromMs
      ? [{ fromMs: Math.max(fromMs, range.fromMs), toMs: Math.min(toMs, range.toMs), type }]
      : [];
  const busy = instancesOf(calendar, range, maxInstances, floating).flatMap(
    ({ component, startMs, endMs, start }) => {
      if (component.name !== 'vevent') return [];
      const status = String(component.getFirstPropertyValue('status') ?? 'CONFIRMED').toUpperCase();
      // A day without a time is transparent only when it says so, like any event.
      const transparent =
        String(component.getFirstPropertyValue('transp') ?? 'OPAQUE').toUpperCase() === 'TRANSPARENT';
      if (transparent || status === 'CANCELLED' || start === undefined) return [];
      return clip(startMs, endMs, status === 'TENTATIVE' ? 'BUSY-TENTATIVE' : 'BUSY');
    },
  );
  const stored = calendar.getAllSubcomponents('vfreebusy').flatMap((component) =>
    component.getAllProperties('freebusy').flatMap((property) => {
      const type = (property.getFirstParameter('fbtype') ?? 'BUSY').toUpperCase();
      if (type === 'FREE') return [];
      const known = type === 'BUSY-TENTATIVE' || type === 'BUSY-UNAVAILABLE' ? type : 'BUSY';
      return (property.getValues() as unknown[]).flatMap((period) =>
        // typed `any[]`
        period instanceof ICAL.Period
          ? clip(period.start.toUnixTime() * 1000, period.getEnd().toUnixTime() * 1000, known)
          : [],
      );
    }),
  );
  return [...busy, ...stored];
}

/** Joins periods of one type that touch or overlap. */
export function mergeBusy(periods: readonly BusyPeriod[]): BusyPeriod[] {
  const merged: BusyPeriod[] = [];
  for (const period of [...periods].sort((a, b) => a.type.localeCompare(b.type) || a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last !== undefined && last.type === period.type && period.fromMs <= last.toMs) {
      merged[merged.length - 1] = { ...last, toMs: Math.max(last.toMs, period.toMs) };
    } else merged.push(period);
  }
  return merged;
}

const periodText = ({ fromMs, toMs }: BusyPeriod): string =>
  `${utcText(fromMs)}/${ICAL.Duration.fromSeconds(Math.round((toMs - fromMs) / 1000)).toString()}`;

/** Lines of a VFREEBUSY that tell merged periods: one for each type, as in RFC 5545 section 3.6.4, folded. */
export function busyLines(periods: readonly BusyPeriod[]): string[] {
  const byType = new Map<BusyType, string[]>();
  for (const period of mergeBusy(periods)) {
    const texts = byType.get(period.type) ?? [];
    texts.push(periodText(period));
    byType.set(period.type, texts);
  }
  return [...byType].map(([type, texts]) =>
    ICAL.helpers.foldline(`FREEBUSY;FBTYPE=${type}:${texts.join(',')}`),
  );
}
