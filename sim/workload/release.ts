/**
 * Gives the memory of arrays that nobody will read again back at once; they are empty afterwards. The garbage collector
 * goes by the number and size of objects and lets large arrays lie until a run is well under way, beside all that it holds.
 */
export function release(...arrays: readonly ArrayBufferView<ArrayBuffer>[]): void {
  for (const { buffer } of arrays) buffer.transfer(0);
}
