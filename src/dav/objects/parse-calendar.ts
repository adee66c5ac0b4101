import ICAL from 'ical.js';
import { withoutMark } from './without-mark.ts';

/** Parses one VCALENDAR; undefined when the text is anything else. */
export function parseCalendar(text: string): ICAL.Component | undefined {
  try {
    const parsed: unknown = ICAL.parse(withoutMark(text));
    if (!Array.isArray(parsed) || typeof parsed[0] !== 'string') return undefined;
    const component = new ICAL.Component(parsed);
    return component.name === 'vcalendar' ? component : undefined;
  } catch {
    return undefined;
  }
}
