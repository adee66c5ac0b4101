import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Keeps the memory of a process that serves small. What a request makes is garbage once it is answered, so the nursery
 * (V8's new space) need not grow to what loading the program asks for, and a heap that was collected when everything
 * stood is collected again before the garbage of long answers piles up: what lives is small, so that costs little.
 */
export const leanHeap = {
  /** To be called before most of the program is loaded: a nursery never shrinks while it is in use. */
  load(): void {
    setFlagsFromString('--semi-space-growth-factor=1');
  },

  /** To be called when everything stands: gives the nursery its size, and collects what loading left. */
  settle(): void {
    setFlagsFromString('--expose-gc');
    const collect: (how?: { type: 'minor' }) => void = runInNewContext('gc');
    setFlagsFromString('--no-expose-gc');
    setFlagsFromString(
      `--semi-space-growth-factor=${Math.max(1, Math.round(nurseryBytes / sizeOfNursery()))}`,
    );
    // It grows at a collection that more survives than it is large.
    const survivors = Array.from({ length: 60_000 }, (_, at) => ({ at }));
    collect({ type: 'minor' });
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString('--heap-growing-percent=25');
    survivors.length = 0;
    collect();
  },
};

/** Less is collected so often that what requests in hand use survives, which costs more than it saves. */
const nurseryBytes = 8 * 1024 * 1024;

/** Bytes of both halves. */
const sizeOfNursery = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? nurseryBytes;
