import type { RunSpec, TransportSpec } from '../../sim/index.ts';
import { loadStudy, shipped } from '../scenario/index.ts';
import type { Measured } from './as-measured.ts';
import { raiseBenchBed, type BedSize } from './bench-bed.ts';
import { fitCold } from './fit-cold.ts';
import { inProportion } from './in-proportion.ts';
import { measureCold } from './measure-cold.ts';
import { measurePush } from './measure-push.ts';
import { measurePushDelay } from './measure-push-delay.ts';
import { measureService, type ServiceTime } from './measure-service.ts';
import { measureWire } from './measure-wire.ts';
import { rehearse } from './rehearse.ts';
import { exercise, warmRounds } from './warm-up.ts';
import { withCold, withPush } from './with-cold.ts';
import { loopShareOf, withThreads } from './with-threads.ts';

export interface CalibrateOptions {
  readonly transport: TransportSpec;
  /** Size of the objects that requests carry. */
  readonly objectBytes: number;
  /** Time for each kind of request, ms. */
  readonly budgetMs: number;
  /** Also measures what a server spends to begin again after idle time, which takes a while. */
  readonly cold?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

/** What a server costs on this machine: the numbers that the simulator takes for it. */
export interface Calibration extends Measured {
  readonly times: Readonly<Record<string, ServiceTime>>;
}

const objects = 20;
const crowdSize = 200;

/**
 * Measures the bundled server: bytes on the wire and processor time by kind of request.
 * @throws DavpulseError when the server does not come up or fails
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { transport, objectBytes, budgetMs, signal, onProgress } = options;
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
  const { spec, times } = await measureService(bed, 'davpulse', budgetMs, transport);
  onProgress?.('the delay of push messages');
  const pushBed = await raiseBenchBed(size, signal, stack);
  const pushDelay = await measurePushDelay(pushBed, times.push?.cpuMs ?? 0, budgetMs);
  const { medianMs, cpuMs } = times['sync-collection'];
  const roundTripMs = Math.max(0, medianMs - cpuMs);
  if (options.cold !== true) return { wire, server: spec, times, pushDelay, roundTripMs };
  onProgress?.('what idle time costs');
  const { fit, times: threads } = await measureCrowd(size, cpuMs, options, stack);
  const paced = { wire, server: withCold(spec, fit), pushDelay, roundTripMs };
  onProgress?.('what push messages cost at the pace of a fleet');
  const like = { ...exampleFleet(), transport };
  const push = await measurePush(like, paced, times.push?.cpuMs ?? 0, budgetMs, signal);
  const loopShare = loopShareOf([...threads, ...push.times]);
  return {
    ...paced,
    server: withThreads(withPush(paced.server, push.fit), loopShare),
    // What an answer takes on the way is what the main thread did not take.
    roundTripMs: Math.max(0, medianMs - cpuMs * loopShare),
    times,
  };
}

/** What requests cost a server with as many accounts as its caches will have to hold, at the pace of their owners. */
async function measureCrowd(
  size: BedSize,
  aloneMs: number,
  { transport, signal, budgetMs }: CalibrateOptions,
  stack: AsyncDisposableStack,
) {
  const bed = await raiseBenchBed(size, signal, stack, inProportion(crowdSize, budgetMs));
  const rounds = Math.min(warmRounds, budgetMs);
  await exercise(bed, rounds);
  const { target } = bed;
  if (target.pid === undefined) throw new RangeError('the bundled server has a process');
  const { origin, users, pid } = target;
  const server = { url: origin, users, pid };
  const like = { ...exampleFleet(), transport };
  await rehearse(server, like, rounds, signal);
  const { points, times } = await measureCold(server, like, aloneMs, budgetMs, signal);
  return { fit: fitCold(points), times };
}

/** A fleet as `davpulse validate` has it. */
function exampleFleet(): RunSpec {
  const [first] = loadStudy(shipped('agreement.yaml'), { backend: 'live' }).runs;
  if (first === undefined) throw new RangeError('a scenario that ships has runs');
  return first.spec;
}
