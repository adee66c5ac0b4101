import { formatNumber, formatValue } from '../report/index.ts';
import type { ResultFile } from '../results/index.ts';
import { brief, meanOf, pointCalled, pointsOf } from './points.ts';

/** One page on what everyone should know about push in CalDAV and CardDAV; its numbers are the guide's. */
export function sevenThings(results: ReadonlyMap<string, ResultFile>): string {
  const point = (chapter: string, scenario: string, label: string) => {
    const result = results.get(chapter);
    if (result === undefined) throw new RangeError(`there are no results for ${chapter}`);
    return pointCalled(pointsOf(result, scenario), label);
  };
  const poll = (interval: string) => point('polling', 'intervals', `LTE · ${interval}`);
  const wifi = point('polling', 'intervals', 'Wi-Fi · 15 min');
  const rate = (policy: string, changes: number) =>
    point('break-even', 'change rates', `${policy} · ${changes}`);
  const window = (label: string) => point('merging', 'windows', label);
  const loss = (label: string) => point('safety-poll', 'lost messages', label);
  const herd = (label: string) => point('spread', 'spreads', `1000 subscribers · ${label}`);
  const fresher =
    meanOf(rate('poll 15 min', 16), 'staleness.p50') / meanOf(rate('push, not merged', 16), 'staleness.p50');
  const wifiShare = meanOf(wifi, 'energy') / meanOf(poll('15 min'), 'energy');
  const busy = '2000 changes a day';
  const saved =
    1 - meanOf(window(`${busy} · 30 s`), 'push.sent') / meanOf(window(`${busy} · none`), 'push.sent');
  const things: readonly (readonly [heading: string, text: string])[] = [
    [
      'Push makes calendars fresh, not merely cheap.',
      `Half of all changes arrive within ${brief(rate('push, not merged', 16), 'staleness.p50')}, ${formatNumber(Number(fresher.toPrecision(2)))} times sooner than with a poll every 15 minutes. No polling interval that a battery can bear comes near: every minute still means ${brief(poll('1 min'), 'staleness.p50')} and takes ${brief(poll('1 min'), 'battery')} of an LTE phone’s battery a day.`,
    ],
    [
      'The radio’s wake-up is the price, not the bytes.',
      `A poll that finds nothing costs what one that finds something costs, and at 15 minutes ${brief(poll('15 min'), 'contacts.empty')} find nothing. On Wi-Fi the same polling takes ${formatValue('share', wifiShare)} of the energy that it takes on LTE.`,
    ],
    [
      'Use the push connection that is there already.',
      `A connection kept alive for calendars alone costs ${formatValue('J/device-day', meanOf(rate('push, not merged', 1), 'energy') - meanOf(rate('push, shared connection', 1), 'energy'))} a day before the first message, more than polling every hour (${brief(rate('poll 1 h', 1), 'energy')}).`,
    ],
    [
      'Unmerged push can be the dearest policy of all.',
      `In a collection with a thousand changes a day it takes ${brief(rate('push, not merged', 1024), 'battery')} of the battery; polling every 15 minutes takes ${brief(rate('poll 15 min', 1024), 'battery')}. A window of 30 s leaves out ${formatValue('share', saved)} of the messages at 2000 changes a day and nearly none in a quiet calendar, where it only delays.`,
    ],
    [
      'Never stop polling, but poll seldom.',
      `Messages get lost. With one in a hundred lost and a safety poll every 4 h, phones are fresh ${brief(loss('1 % lost · 4 h'), 'fresh')} of the time; a safety poll every 15 minutes costs ${formatNumber(meanOf(loss('1 % lost · 15 min'), 'energy') / meanOf(loss('1 % lost · 4 h'), 'energy'), 2)} times the energy for little more.`,
    ],
    [
      'A push to many is a herd.',
      `A thousand phones told at once come at once: ${brief(herd('none'), 'server.peak')} in the busiest second. Spreading their fetches over the time that the server needs anyway brings that to ${brief(herd('15 s'), 'server.peak')} and makes nobody wait longer.`,
    ],
    [
      'A message says that something changed, never what.',
      'It carries a topic and a sync token, encrypted end to end; the client fetches the change with its own rights. So a push service learns nothing of the calendar, a lost or doubled message does no harm, and one generic protocol can serve any transport: see [the framework](framework.md) and [the protocol](protocol.md).',
    ],
  ];
  return [
    '# Seven things to know about push in CalDAV and CardDAV',
    '',
    ...things.flatMap(([heading, text], index) => [`${index + 1}. **${heading}** ${text}`, '']),
    'Each number is an outcome of the experiments behind [the implementation guide](guide/README.md), with its intervals, its assumptions and the command that repeats it.',
    '',
  ].join('\n');
}
