import ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import type { Body } from '../http/answer.ts';
import { bodyOf } from '../properties/answer-body.ts';
import { withoutMark } from '../objects/without-mark.ts';
import type { Node } from '../store/node.ts';
import { asTheyAre } from '../tree/as-they-are.ts';

/** The objects of a collection, oldest first by the order of its members. */
function* objectsOf(context: DavContext, collection: Node): Generator<string> {
  const now = asTheyAre(context.store);
  for (const listed of context.members(collection)) {
    const node = now(listed);
    if (node?.kind === 'object') yield withoutMark(context.store.nodes.text(node.id));
  }
}

const isBegin = /^BEGIN:(.*)$/i;
const isEnd = /^END:/i;

/** The components right inside a VCALENDAR, as they are written. Folded lines begin with a space and so are no ends. */
function* componentsIn(text: string): Generator<{ readonly name: string; readonly lines: string }> {
  let depth = 0;
  let name = '';
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const begin = isBegin.exec(line)?.[1]?.trim().toUpperCase();
    if (begin !== undefined) {
      depth += 1;
      if (depth === 2) [name, lines] = [begin, []];
    }
    if (depth >= 2) lines.push(line);
    if (!isEnd.test(line)) continue;
    if (depth === 2) yield { name, lines: `${lines.join('\r\n')}\r\n` };
    depth -= 1;
  }
}

/** A calendar as one iCalendar object, as programs that subscribe to calendars want it, with each time zone once. */
export const calendarBody = (context: DavContext, collection: Node, displayName: string | undefined): Body =>
  bodyOf(calendarTexts(context, collection, displayName));

function* calendarTexts(
  context: DavContext,
  collection: Node,
  displayName: string | undefined,
): Generator<string> {
  yield 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//davpulse//davpulse//EN\r\n';
  if (displayName !== undefined) {
    const escaped = displayName.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\r?\n/g, String.raw`\n`);
    yield `${ICAL.helpers.foldline(`X-WR-CALNAME:${escaped}`)}\r\n`;
  }
  const zones = new Set<string>();
  for (const text of objectsOf(context, collection)) {
    for (const { name, lines } of componentsIn(text)) {
      const zone = name === 'VTIMEZONE' ? /^TZID[^:]*:(.*)$/im.exec(lines)?.[1] : undefined;
      if (zone !== undefined && zones.has(zone)) continue;
      if (zone !== undefined) zones.add(zone);
      yield lines;
    }
  }
  yield 'END:VCALENDAR\r\n';
}

/** The cards of an address book, one after the other. */
export const addressBookBody = (context: DavContext, collection: Node): Body =>
  bodyOf(objectsOf(context, collection).map((text) => (text.endsWith('\n') ? text : `${text}\r\n`)));
