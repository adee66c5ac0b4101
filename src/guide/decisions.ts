import { formatValue } from '../report/index.ts';
import type { ResultFile } from '../results/index.ts';
import { adviseFallback } from './chapters/outage.ts';
import { brief, meanOf, partsOf, pointCalled, pointsOf } from './points.ts';

/** One line of the table at the front of the guide. */
export interface DecisionRow {
  readonly situation: string;
  readonly server: string;
  readonly client: string;
}

/** What to do in each situation; the numbers come from the studies, by chapter id. */
export function decisionsOf(results: ReadonlyMap<string, ResultFile>): DecisionRow[] {
  const points = (chapter: string, scenario: string) => {
    const result = results.get(chapter);
    if (result === undefined) throw new RangeError(`the guide has no results for ${chapter}`);
    return pointsOf(result, scenario);
  };
  const polling = points('polling', 'intervals');
  const rates = points('break-even', 'change rates');
  const windows = points('merging', 'windows');
  const losses = points('safety-poll', 'lost messages');
  const spreads = points('spread', 'spreads');
  const energy = (list: ReturnType<typeof points>, label: string) =>
    brief(pointCalled(list, label), 'energy');
  const busySaving =
    1 -
    meanOf(pointCalled(windows, '2000 changes a day · 2 min'), 'energy') /
      meanOf(pointCalled(windows, '2000 changes a day · none'), 'energy');
  const policies = points('importance', 'policies');
  const states = points('outage', 'states');
  const fallback = adviseFallback(states.filter((point) => partsOf(point)[0] === 'push is down'));
  const ways = points('overload', 'ways');
  const lowSaving =
    1 -
    meanOf(pointCalled(policies, 'low left to the poll'), 'energy') /
      meanOf(pointCalled(policies, 'all at once'), 'energy');
  return [
    {
      situation: 'Phone with the system’s push connection, quiet or ordinary calendars',
      server: 'Push every change, merged over 3 s',
      client: `Fetch at once; safety poll every 4 h (${energy(rates, 'push, shared connection · 16')} a day at 16 changes, against ${energy(rates, 'poll 15 min · 16')} for polling every 15 min)`,
    },
    {
      situation: 'Phone whose push needs a connection of its own',
      server: 'Push, merged over 3 s',
      client: `Push only if freshness is worth ${energy(rates, 'push, not merged · 1')} a day; else poll every hour (${energy(rates, 'poll 1 h · 1')})`,
    },
    {
      situation: 'Phone without push',
      server: 'Answer empty polls cheaply',
      client: `Poll every 15 min at most on LTE (${brief(pointCalled(polling, 'LTE · 15 min'), 'battery')} of the battery a day); on Wi-Fi every 5 min costs ${brief(pointCalled(polling, 'Wi-Fi · 5 min'), 'battery')}`,
    },
    {
      situation: 'Laptop or desktop on Wi-Fi or mains',
      server: 'Push at once',
      client: 'Fetch at once; safety poll every 15 min costs nothing that matters',
    },
    {
      situation: 'Busy collection, thousands of changes a day',
      server: `Merge over 30 s to 2 min (2 min save ${formatValue('share', busySaving)} of a phone’s energy at 2000 changes a day)`,
      client: 'Nothing special',
    },
    {
      situation: 'Collection with a thousand subscribers or more',
      server: 'Ask for a spread as long as it takes to answer them all',
      client: `Fetch at a random time within it (peak second ${brief(pointCalled(spreads, '1000 subscribers · none'), 'server.peak')} without, ${brief(pointCalled(spreads, '1000 subscribers · 15 s'), 'server.peak')} with 15 s)`,
    },
    {
      situation: 'Many changes that can wait (holidays, attendees who answer)',
      server: `Push what is urgent at once, leave the rest to the next message (saves ${formatValue('share', lowSaving)} of the energy)`,
      client: 'Nothing special: the safety poll brings what was left',
    },
    {
      situation: 'Push service that is down',
      server: 'Be sized for the polling that clients fall back to',
      client: `After hours of silence poll every ${fallback} (median ${brief(pointCalled(states, `push is down · falls back to ${fallback}`), 'staleness.p50')} instead of ${brief(pointCalled(states, 'push is down · safety poll every 4 h'), 'staleness.p50')})`,
    },
    {
      situation: 'Server with more to do than it can',
      server: `Refuse at once with Retry-After no shorter than the poll interval, announce longer intervals (95th percentile ${brief(pointCalled(ways, 'one and a half times · announces and refuses'), 'staleness.p95')} instead of ${brief(pointCalled(ways, 'one and a half times · queues, clients wait 30 s'), 'staleness.p95')} at one and a half times its capacity)`,
      client: 'Obey Retry-After; back off by doubling, at random',
    },
    {
      situation: 'Push service that loses messages',
      server: 'Keep merging; do not send twice',
      client: `Shorten the safety poll: at 20 % loss 15 min keep the mean at ${brief(pointCalled(losses, '20 % lost · 15 min'), 'staleness.mean')}, 4 h at ${brief(pointCalled(losses, '20 % lost · 4 h'), 'staleness.mean')}`,
    },
  ];
}
