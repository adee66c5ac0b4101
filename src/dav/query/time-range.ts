import ICAL from 'ical.js';
import { ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { everything, type Range } from '../recurrence/instances.ts';

const utcForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function instant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = utcForm.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1).map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (match === null || new Date(ms).getUTCDate() !== day)
    throw invalid('a time must be UTC, as in 20261122T190000Z');
  return ms;
}

const invalid = (message: string): Refusal =>
  new Refusal(403, message, { ns: ns.caldav, name: 'valid-filter' });

/** A `C:time-range` (RFC 4791 section 9.9); an open side reaches as far as dates go. @throws Refusal 403 */
export function readTimeRange({ attributes }: XmlElement): Range {
  const from = instant(attributes['start']);
  const to = instant(attributes['end']);
  if (from === undefined && to === undefined) throw invalid('a time range needs a start or an end');
  if (from !== undefined && to !== undefined && to <= from)
    throw invalid('a time range must end after it starts');
  return { fromMs: from ?? everything.fromMs, toMs: to ?? everything.toMs };
}

export const utcText = (ms: number): string => ICAL.Time.fromJSDate(new Date(ms), true).toICALString();
