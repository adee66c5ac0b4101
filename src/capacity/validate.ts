import { simulate, type RunSpec } from '../../sim/index.ts';
import { AgreementServers } from './agreement-servers.ts';
import { compare, notValid, type AgreementRow } from './agreement.ts';
import { asMeasured, type Measured } from './as-measured.ts';
import { costFleets } from './at-pace-of-fleets.ts';
import { calibrate, openFleetServers, type Calibration } from './calibrate.ts';
import { fitAtPace } from './fit-at-pace.ts';
import { liveInRounds, type Lived } from './live-in-rounds.ts';
import { FleetNearSaturation } from './near-saturation.ts';
import { turnsTo } from './rehearse-again.ts';
import { warmRounds } from './warm-up.ts';

/**
 * What a machine is to its server changes by a tenth or more within minutes, and stays what it is for the seconds of a
 * visit: many short visits are known better than few long ones.
 */
const enoughRounds = 10;

export interface ValidateOptions {
  readonly signal: AbortSignal;
  readonly maxLagMs: number;
  /** Time to measure each kind of request, ms. */
  readonly budgetMs: number;
  /** Only specs whose label has this text. */
  readonly only?: string;
  readonly onProgress?: (doing: string) => void;
  /** Told the rows of each point. */
  readonly onRows?: (rows: readonly AgreementRow[]) => void;
}

/**
 * Runs every spec in both backends, and compares: on one server for each push policy. What it costs is measured on these
 * servers by turns with the runs that are compared. Where specs differ in their number of users, those with the most go
 * as fast as keeps the server busy for 90 % of the time, or as 90 % of what it bears. Where the signal aborts it, what whole
 * rounds came to is told first.
 * @throws DavpulseError when a live run fails
 */
export async function validate(specs: readonly RunSpec[], options: ValidateOptions): Promise<AgreementRow[]> {
  const { signal, budgetMs, only = '', onProgress, onRows } = options;
  const chosen = specs.filter(({ label }) => label.includes(only));
  const [first] = chosen;
  if (first === undefined) return [];
  await using stack = new AsyncDisposableStack();
  // A glance that measures for less than that is no measurement, and need not wait for it.
  const warm = { signal, rounds: Math.min(warmRounds, budgetMs) };
  const alone = await measureAlone(first, options);
  onProgress?.('warming up servers');
  const servers = await AgreementServers.open(chosen, warm, stack);
  const on = servers.forCosts() ?? (await openFleetServers(first.transport, warm, stack));
  const isLargest = largestOf(specs);
  const points = chosen.map((spec) => ({
    spec,
    nearSaturation: isLargest(spec)
      ? new FleetNearSaturation(servers.of(spec), (paced) => asMeasured(paced, alone))
      : undefined,
  }));
  const stays = servers.stays(on, costFleets(on, alone, { isBundled: true, budgetMs }), points);
  let lived: Lived = { costs: [], points: new Map() };
  try {
    const inRounds = liveInRounds(stays, {
      ...options,
      rounds: enoughRounds,
      turnTo: turnsTo(warm.rounds, signal),
    });
    for await (const soFar of inRounds) lived = soFar;
  } catch (error) {
    if (!signal.aborted || lived.costs.length === 0) throw error;
  }
  const measured: Measured = { ...alone, ...fitAtPace(alone, lived.costs) };
  const all = chosen.flatMap((spec) => {
    const records = lived.points.get(spec);
    const rows =
      records === undefined
        ? [notValid(spec.label)]
        : compare(
            spec.label,
            records,
            records.map((record) => simulate(asMeasured(record.spec, measured))),
          );
    onRows?.(rows);
    return rows;
  });
  signal.throwIfAborted();
  return all;
}

function measureAlone(
  { transport, collectionGroups: [collections] }: RunSpec,
  { budgetMs, signal, onProgress }: ValidateOptions,
): Promise<Calibration> {
  const object = collections?.objectBytes;
  return calibrate({
    transport,
    objectBytes: object?.kind === 'constant' ? object.value : 1102,
    budgetMs,
    signal,
    onProgress: (doing) => onProgress?.(`measuring ${doing}`),
  });
}

function largestOf(specs: readonly RunSpec[]): (spec: RunSpec) => boolean {
  const sizes = specs.map(({ users }) => users);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return ({ users }) => most > least && users === most;
}
