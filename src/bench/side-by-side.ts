import type { RunRecord, RunSpec } from '../../sim/index.ts';
import { runLive, makeUsers, type LiveServer } from '../live/index.ts';
import type { Study } from '../scenario/index.ts';
import type { Side } from './interleave.ts';
import { startSideServer, type SideServer } from './side-server.ts';

export interface SideBySideOptions {
  readonly study: Study;
  readonly pairs: number;
  readonly signal: AbortSignal;
  readonly onPair?: (pair: number) => void;
}

/** The records of both sides; record i of both was made at the same time. */
export interface PairedRuns {
  readonly base: readonly RunRecord[];
  readonly head: readonly RunRecord[];
}

/**
 * Runs every point of a study against two servers at once, `pairs` times: the same fleet with the same seed lives on
 * both at the same instants, so that whatever else the machine does meets both alike. Each pair starts both servers
 * anew, the one first that was second before, since two processes of one program differ a little for as long as they
 * live. A base that is a server already runs throughout. Both are driven by the clients of this version.
 * @throws DavpulseError DAVPULSE_RUN_FAILED when a server does not come up, and what `runLive` throws
 */
export async function sideBySide(
  base: Side | LiveServer,
  head: Side,
  { study, pairs, signal, onPair }: SideBySideOptions,
): Promise<PairedRuns> {
  const records: { base: RunRecord; head: RunRecord }[] = [];
  const points = onePerPoint(study);
  for (let pair = 1; pair <= pairs; pair += 1) {
    onPair?.(pair);
    for (const { spec, timeScale, maxLagMs } of points) {
      await using servers = await startPair(base, head, { spec, headFirst: pair % 2 === 0, signal });
      const drive = ({ server }: Pick<SideServer, 'server'>): Promise<RunRecord> =>
        runLive({ ...spec, seed: pair }, { signal, timeScale, maxLagMs, server });
      const [first, second] = await Promise.all([drive(servers.base), drive(servers.head)]);
      records.push({ base: first, head: second });
    }
  }
  return { base: records.map((pair) => pair.base), head: records.map((pair) => pair.head) };
}

/** A point of the sweep once, whatever its seeds: pairs bring their own. */
function onePerPoint({ runs }: Study): Study['runs'] {
  const points = Map.groupBy(
    runs.filter(({ backend }) => backend === 'live'),
    ({ spec }) => JSON.stringify([spec.scenario, spec.label]),
  );
  return [...points.values()].flatMap(([first]) => first ?? []);
}

interface PairOptions {
  readonly spec: RunSpec;
  readonly headFirst: boolean;
  readonly signal: AbortSignal;
}

interface ServerPair extends AsyncDisposable {
  readonly base: Pick<SideServer, 'server'>;
  readonly head: SideServer;
}

async function startPair(
  base: Side | LiveServer,
  head: Side,
  { spec, headFirst, signal }: PairOptions,
): Promise<ServerPair> {
  await using stack = new AsyncDisposableStack();
  // Names of the same length, so that requests are.
  const users = 'url' in base ? base.users : makeUsers(spec.users);
  const start = async (side: Side): Promise<SideServer> =>
    stack.use(await startSideServer(side, spec, users, signal));
  const early = headFirst ? await start(head) : undefined;
  const first = 'url' in base ? { server: base } : await start(base);
  const second = early ?? (await start(head));
  const kept = stack.move();
  return { base: first, head: second, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
