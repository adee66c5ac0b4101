import type { RunSpec } from '../../sim/index.ts';
import { putOffMs } from '../live/index.ts';
import type { costFleets, FleetServers } from './at-pace-of-fleets.ts';
import type { Point, Stay } from './live-in-rounds.ts';
import { isPushedTo, openWarmServer, type WarmServer } from './run-warm.ts';

/** Messages that are put off for longer are too few to measure what one costs. */
const promptMs = 2000;

const policyOf = ({ pushPolicy }: RunSpec): string => JSON.stringify(pushPolicy);

/** One server for each push policy. */
export class AgreementServers {
  private readonly byPolicy: ReadonlyMap<string, WarmServer>;

  private constructor(byPolicy: ReadonlyMap<string, WarmServer>) {
    this.byPolicy = byPolicy;
  }

  /** Each has accounts for the largest of its fleets; they end with the stack. @throws DavpulseError when one does not come up */
  static async open(
    specs: readonly RunSpec[],
    options: Parameters<typeof openWarmServer>[2],
    stack: AsyncDisposableStack,
  ): Promise<AgreementServers> {
    const opened = [...Map.groupBy(specs, policyOf)].flatMap(([policy, fleets]) =>
      fleets.slice(0, 1).map(async (like): Promise<[string, WarmServer]> => {
        const accounts = Math.max(...fleets.map(({ users }) => users));
        return [policy, await openWarmServer(like, accounts, options, stack)];
      }),
    );
    return new AgreementServers(new Map(await Promise.all(opened)));
  }

  of(spec: RunSpec): WarmServer {
    const server = this.byPolicy.get(policyOf(spec));
    if (server === undefined) throw new RangeError(`no server for ${spec.label}`);
    return server;
  }

  /** Those on which costs can be measured; messages only where they come soon enough for many. */
  forCosts(): FleetServers | undefined {
    const all = [...this.byPolicy.values()];
    const polled = all.find(({ like }) => !isPushedTo(like));
    const told = all.filter(({ like }) => isPushedTo(like));
    const pushed = told.find(({ like }) => putOffMs(like.pushPolicy) <= promptMs);
    if (polled === undefined || (pushed === undefined && told.length > 0)) return undefined;
    return { polled, pushed };
  }

  /** What is to live where; the servers for costs need not be among these. */
  stays(
    { polled, pushed }: FleetServers,
    costs: ReturnType<typeof costFleets>,
    points: readonly Point[],
  ): Stay[] {
    const all = new Set([polled, ...(pushed ? [pushed] : []), ...this.byPolicy.values()]);
    return [...all]
      .map((on) => ({
        on,
        costs: on === polled ? costs.polled : on === pushed ? costs.pushed : [],
        points: points.filter(({ spec }) => this.of(spec) === on),
      }))
      .filter((stay) => stay.costs.length + stay.points.length > 0);
  }
}
