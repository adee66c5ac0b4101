import type { RunSpec, TransportSpec } from '../../sim/index.ts';
import { loadStudy, shipped } from '../scenario/index.ts';
import type { Alone } from './as-measured.ts';
import { atPaceOfFleets, type FleetServers } from './at-pace-of-fleets.ts';
import { raiseBenchBed } from './bench-bed.ts';
import { inProportion } from './in-proportion.ts';
import { measurePushDelay } from './measure-push-delay.ts';
import { measureService, roundTripOf, type ServiceTime } from './measure-service.ts';
import { measureWire } from './measure-wire.ts';
import { isPushedTo, openWarmServer } from './run-warm.ts';
import { exercise, warmRounds } from './warm-up.ts';

export interface CalibrateOptions {
  readonly transport: TransportSpec;
  /** Size of the objects that requests carry. */
  readonly objectBytes: number;
  /** Time for each kind of request, ms. */
  readonly budgetMs: number;
  /** Also measures what things cost at the pace of fleets, which takes a while. */
  readonly fleets?: true;
  readonly signal: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

/** What a server costs on this machine: the numbers that the simulator takes for it. */
export interface Calibration extends Alone {
  readonly times: Alone['times'] & Readonly<Record<string, ServiceTime>>;
}

const objects = 20;

/**
 * Measures the bundled server: bytes on the wire and processor time by kind of request.
 * @throws DavpulseError when the server does not come up or fails
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { transport, objectBytes, budgetMs, signal, fleets, onProgress } = options;
  await using stack = new AsyncDisposableStack();
  const size = { transport, objectBytes, objects, signal };
  onProgress?.('bytes');
  const wireBed = await raiseBenchBed(size, signal, stack);
  const name = `davpulse, HTTP/${transport.http}${transport.tls ? '' : ' clear'}`;
  const wire = await measureWire(wireBed, name, objectBytes, transport);
  onProgress?.('processor time');
  // On a bed of its own, so that nobody is pushed about the writes that are timed.
  const bed = await raiseBenchBed(size, signal, stack);
  await exercise(bed, Math.min(warmRounds, budgetMs));
  // Twice: after it once, writes take a seventh and messages a quarter less than the first time.
  await measureService(bed, 'davpulse', budgetMs, transport);
  const { spec: server, times } = await measureService(bed, 'davpulse', budgetMs, transport);
  onProgress?.('the delay of push messages');
  const pushBed = await raiseBenchBed(size, signal, stack);
  const pushDelay = await measurePushDelay(pushBed, times.push?.cpuMs ?? 0, budgetMs);
  const alone = { wire, server, times, pushDelay, roundTripMs: roundTripOf(times['sync-collection']) };
  if (fleets === undefined) return alone;
  const rounds = Math.min(warmRounds, budgetMs);
  const on = await openFleetServers(transport, { signal, rounds }, stack);
  const pace = { isBundled: true, budgetMs, signal, onProgress };
  return { ...alone, ...(await atPaceOfFleets(alone, on, pace)) };
}

/** Servers for fleets as `davpulse validate` has them, each with as many accounts: the more there are, the more a request costs. @throws DavpulseError when one does not come up */
export async function openFleetServers(
  transport: TransportSpec,
  { signal, rounds = warmRounds }: { readonly signal: AbortSignal; readonly rounds?: number },
  stack: AsyncDisposableStack,
): Promise<FleetServers> {
  const specs = loadStudy(shipped('agreement.yaml'), { backend: 'live' }).runs.map(({ spec }) => spec);
  const [polling] = specs;
  const told = specs.find(isPushedTo);
  if (polling === undefined || told === undefined) throw new RangeError('the scenario that ships has both');
  const crowd = inProportion(Math.max(...specs.map(({ users }) => users)), rounds);
  const open = (like: RunSpec) => openWarmServer({ ...like, transport }, crowd, { signal, rounds }, stack);
  const [polled, pushed] = await Promise.all([open(polling), open(told)]);
  return { polled, pushed };
}
