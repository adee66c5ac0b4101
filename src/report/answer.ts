import { metricById, valueOf, type PointSummary } from '../results/index.ts';
import { familyOf } from './family.ts';
import { formatNumber, formatValue } from './format.ts';
import type { Scene } from './scene.ts';

const shown = (point: PointSummary, id: string): string => {
  const metric = metricById(id);
  return formatValue(metric.unit, valueOf(point, metric).mean);
};

const meanOf = (point: PointSummary, id: string): number => valueOf(point, metricById(id)).mean;

const number = (point: PointSummary, id: string): string => formatNumber(meanOf(point, id));

/** Two digits: what an advantage in one sentence can carry. */
const roughly = (factor: number): string => formatNumber(Number(factor.toPrecision(2)), 2);

const least = <T>(items: readonly T[], of: (item: T) => number): T | undefined =>
  items.toSorted((a, b) => of(a) - of(b))[0];

/**
 * The answer to "what does push save, and how much fresher is it" in three sentences, from the numbers alone.
 * Scenarios that do not hold both families get what can be said of them.
 */
export function answer({ shown: points }: Scene): string[] {
  const polling = points.filter((point) => familyOf(point) === 'polling');
  const push = points.filter((point) => familyOf(point) === 'push');
  if (points.every(isQuiet)) return [...priceOfQuiet(points), losses(points)];
  const freshestPoll = least(polling, (point) => meanOf(point, 'staleness.p50'));
  const cheapestPoll = least(polling, (point) => meanOf(point, 'energy'));
  const bestPush = least(push, (point) => meanOf(point, 'staleness.p50') * meanOf(point, 'energy'));
  if (freshestPoll === undefined || cheapestPoll === undefined || bestPush === undefined) {
    return [...extremes(points), losses(points)];
  }
  return [
    pollingSentence(freshestPoll, cheapestPoll),
    pushSentence(bestPush, polling),
    `${serverSentence(bestPush, freshestPoll)} ${losses(points)}`,
  ];
}

function pollingSentence(freshest: PointSummary, cheapest: PointSummary): string {
  const cost = `costs a device ${shown(freshest, 'energy')} a day`;
  const stale = `still leaves half of all changes unseen for more than ${shown(freshest, 'staleness.p50')}`;
  if (freshest === cheapest) return `Polling (“${freshest.label}”) ${cost} and ${stale}.`;
  return (
    `The freshest polling tried (“${freshest.label}”) ${cost} and ${stale}; ` +
    `the thriftiest (“${cheapest.label}”) needs ${shown(cheapest, 'energy')} and leaves them for ${shown(cheapest, 'staleness.p50')}.`
  );
}

function pushSentence(push: PointSummary, polling: readonly PointSummary[]): string {
  const energyJ = meanOf(push, 'energy');
  const peer = least(polling, (point) => Math.abs(Math.log(meanOf(point, 'energy') / energyJ)));
  const intro = `Push (“${push.label}”) shows half of the changes within ${shown(push, 'staleness.p50')} for ${shown(push, 'energy')} a device and day`;
  if (peer === undefined) return `${intro}.`;
  const fresher = meanOf(peer, 'staleness.p50') / meanOf(push, 'staleness.p50');
  const relation =
    fresher >= 1 ? `${roughly(fresher)} times fresher` : `${roughly(1 / fresher)} times staler`;
  const energy = meanOf(peer, 'energy') / energyJ;
  const price = `which takes ${roughly(energy)} times the energy`;
  return `${intro}: ${relation} than the polling nearest in energy, “${peer.label}”, ${price}.`;
}

const serverSentence = (push: PointSummary, poll: PointSummary): string =>
  `The server then answers ${number(push, 'server.mean')} requests a second, ${number(push, 'server.peak')} in the busiest one, ` +
  `against ${number(poll, 'server.mean')} and ${number(poll, 'server.peak')} under “${poll.label}”.`;

function extremes(points: readonly PointSummary[]): string[] {
  const freshest = least(points, (point) => meanOf(point, 'staleness.p50'));
  const cheapest = least(points, (point) => meanOf(point, 'energy'));
  if (freshest === undefined || cheapest === undefined) return [];
  return [
    `Freshest is “${freshest.label}”: half of the changes within ${shown(freshest, 'staleness.p50')} for ${shown(freshest, 'energy')} a device and day.`,
    `Thriftiest is “${cheapest.label}”: ${shown(cheapest, 'energy')} a device and day, half of the changes within ${shown(cheapest, 'staleness.p50')}.`,
  ];
}

/** Nothing changed, so that there is nothing to be fresh about: studies of what idling costs. */
const isQuiet = ({ runs }: PointSummary): boolean => runs.every(({ ledger }) => ledger.expected === 0);

function priceOfQuiet(points: readonly PointSummary[]): string[] {
  const byEnergy = points.toSorted((a, b) => meanOf(a, 'energy') - meanOf(b, 'energy'));
  const [cheapest, dearest] = [byEnergy[0], byEnergy.at(-1)];
  if (cheapest === undefined || dearest === undefined) return [];
  const first = `Thriftiest is “${cheapest.label}” with ${shown(cheapest, 'energy')} a device and day`;
  if (cheapest === dearest) return [`${first}.`];
  return [`${first}, dearest “${dearest.label}” with ${shown(dearest, 'energy')}.`];
}

function losses(points: readonly PointSummary[]): string {
  if (points.every(isQuiet)) return 'Nothing changed that a device had to learn of.';
  const losing = points.filter((point) => meanOf(point, 'losses') > 0);
  if (losing.length === 0) return 'No change was lost under any policy.';
  const lost = losing.map((point) => `${shown(point, 'losses.share')} under “${point.label}”`);
  return `Changes were lost: ${lost.join(', ')}.`;
}
