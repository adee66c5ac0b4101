import type { Measured } from './as-measured.ts';
import { fitCold } from './fit-cold.ts';
import { measureCold } from './measure-cold.ts';
import { measureNews } from './measure-news.ts';
import { measurePush } from './measure-push.ts';
import type { ServiceTime } from './measure-service.ts';
import { rehearseAgain } from './rehearse.ts';
import type { WarmServer } from './run-warm.ts';
import { withCold, withNews, withPush } from './with-cold.ts';
import { loopShareOf, messageShareOf, withThreads } from './with-threads.ts';

/** What was measured of a server with a lone client. */
export interface Alone extends Measured {
  readonly times: { readonly 'sync-collection': ServiceTime; readonly push?: ServiceTime };
}

/** Servers of one kind on which fleets can live: one that does not push, as a push policy makes writes dearer, and perhaps one that does. */
export interface FleetServers {
  readonly polled: WarmServer;
  readonly pushed?: WarmServer | undefined;
}

export interface PaceOptions {
  /** The bundled server has one worker, its main thread; of another nobody knows which of its threads are workers. */
  readonly isBundled: boolean;
  /** Time to measure a kind of request, to which that of each fleet is in proportion, ms. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((doing: string) => void) | undefined;
}

/**
 * The same with what things cost at the pace of fleets, which live on the servers for that: idle time, writes, messages,
 * and what of all that the main thread does. @throws DavpulseError when a server refuses or fails
 */
export async function atPaceOfFleets(
  alone: Alone,
  { polled, pushed }: FleetServers,
  options: PaceOptions,
): Promise<Pick<Measured, 'server' | 'roundTripMs'>> {
  const { cpuMs, medianMs } = alone.times['sync-collection'];
  options.onProgress?.('what requests cost at the pace of a fleet');
  const cold = await measureCold(polled, cpuMs, options);
  const idle = { ...alone, server: withCold(alone.server, fitCold(cold.points), cold.checkMoreMs) };
  if (!options.isBundled) return idle;
  options.onProgress?.('what writes cost at the pace of a fleet');
  const news = await measureNews(polled, idle, options);
  const paced = { ...idle, server: withNews(idle.server, news.fit) };
  options.onProgress?.('what push messages cost at the pace of a fleet');
  if (pushed !== undefined) await rehearseAgain(pushed, options.budgetMs, options.signal);
  const push = pushed && (await measurePush(pushed, paced, alone.times.push?.cpuMs ?? 0, options));
  const loopShare = loopShareOf([...cold.times, ...news.times]);
  const messageShare = push && messageShareOf(push.times, push.costMs, loopShare);
  const server = push === undefined ? paced.server : withPush(paced.server, push.fit);
  // What an answer takes on the way is what the main thread did not take.
  return {
    server: withThreads(server, loopShare, messageShare),
    roundTripMs: Math.max(0, medianMs - cpuMs * loopShare),
  };
}
