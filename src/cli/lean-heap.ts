import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of each half. Less is collected so often that what requests in hand use survives, and costs the most. */
const nurseryBytes = 4 * 1024 * 1024;
const bytesOfSurvivor = 32;
const tendEveryMs = 1000;

/**
 * Keeps the memory of a process that serves small. What a request makes is garbage once it is answered, so the nursery
 * (V8's new space) need not become as large as loading the program makes it, and a heap that was collected when
 * everything stood is collected again before the garbage of long answers piles up: what lives is small, so that costs
 * little.
 */
export const leanHeap = {
  /** To be called before most of the program is loaded: a nursery that has grown is not given back under load. */
  load(): void {
    growNursery(1);
  },

  /** To be called when everything stands: collects what loading left, and gives the nursery its size. */
  settle(): void {
    setFlagsFromString('--expose-gc');
    const collect: Collect = runInNewContext('gc');
    setFlagsFromString('--no-expose-gc');
    setFlagsFromString('--heap-growing-percent=25');
    collect();
    tendNursery(collect);
    // V8 shrinks it when little happens.
    setInterval(tendNursery, tendEveryMs, collect).unref();
  },
};

type Collect = (options?: { readonly type: 'minor' }) => void;

const growNursery = (times: number): void => setFlagsFromString(`--semi-space-growth-factor=${times}`);

/**
 * Gives the nursery its size where it is smaller. It grows after a collection, by the factor set then, when more has
 * survived since it grew last than it holds; what is collected twice counts twice.
 */
function tendNursery(collect: Collect): void {
  const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const holds = (nursery?.space_used_size ?? 0) + (nursery?.space_available_size ?? 0);
  const times = Math.round(nurseryBytes / (holds || nurseryBytes));
  if (times < 2) return;
  collect({ type: 'minor' });
  const survivors = Array.from({ length: (0.6 * holds) / bytesOfSurvivor }, (_, at) => ({ at }));
  growNursery(times);
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  growNursery(1);
  survivors.length = 0;
}
