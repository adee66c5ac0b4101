/** What the process that started this one says when it wants to measure what comes next, and is told when that is done. */
const request = 'collect garbage';

/** Collects garbage whenever the parent asks for it by its channel; the result ends that. */
export function collectWhenAsked(collect: () => void): () => void {
  const heed = (message: unknown): void => {
    if (message !== request) return;
    collect();
    process.send?.(request);
  };
  process.on('message', heed);
  // A listener keeps the channel, and with it the process, alive.
  return () => process.off('message', heed);
}
