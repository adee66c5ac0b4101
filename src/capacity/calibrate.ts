import type { ServerSpec, TransportSpec, WireCosts } from '../../sim/index.ts';
import { raiseBenchBed } from './bench-bed.ts';
import { measureService, type ServiceTime } from './measure-service.ts';
import { measureWire } from './measure-wire.ts';

export interface CalibrateOptions {
  readonly transport: TransportSpec;
  /** Size of the objects that requests carry. */
  readonly objectBytes: number;
  /** Time for each kind of request, ms. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

/** What a server costs on this machine: the numbers that the simulator takes for it. */
export interface Calibration {
  readonly wire: WireCosts;
  readonly server: ServerSpec;
  readonly times: Readonly<Record<string, ServiceTime>>;
}

const objects = 20;

/**
 * Measures the bundled server: bytes on the wire and processor time by kind of request.
 * @throws DavpulseError when the server does not come up or fails
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { transport, objectBytes, budgetMs, signal, onProgress } = options;
  await using stack = new AsyncDisposableStack();
  onProgress?.('bytes');
  const wireBed = await raiseBenchBed(transport, objectBytes, objects, signal, stack);
  const name = `davpulse, HTTP/${transport.http}${transport.tls ? '' : ' clear'}`;
  const wire = await measureWire(wireBed, name, objectBytes, transport);
  onProgress?.('processor time');
  // On a bed of its own, so that nobody is pushed about the writes that are timed.
  const serviceBed = await raiseBenchBed(transport, objectBytes, objects, signal, stack);
  const { spec: server, times } = await measureService(serviceBed, 'davpulse', budgetMs);
  return { wire, server, times };
}
