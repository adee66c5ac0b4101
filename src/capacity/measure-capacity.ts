import type { TransportSpec } from '../../sim/index.ts';
import { raiseBenchBed } from './bench-bed.ts';
import { ladderRequests } from './ladder-requests.ts';
import { climb, type Ladder } from './ladder.ts';

export interface CapacityOptions {
  readonly transport: TransportSpec;
  readonly objectBytes: number;
  /** Time on each rung, ms. */
  readonly rungMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

const objects = 20;

/**
 * Loads the bundled server with each kind of request until more clients bring no more answers.
 * @throws DavpulseError when the server does not come up or fails
 */
export async function measureCapacity(options: CapacityOptions): Promise<Ladder[]> {
  const { transport, objectBytes, rungMs, signal, onProgress } = options;
  await using stack = new AsyncDisposableStack();
  const bed = await raiseBenchBed({ transport, objectBytes, objects }, signal, stack);
  const ladders: Ladder[] = [];
  for (const request of await ladderRequests(bed, objectBytes)) {
    onProgress?.(request.kind);
    ladders.push(await climb(bed, request, rungMs, signal));
  }
  return ladders;
}
