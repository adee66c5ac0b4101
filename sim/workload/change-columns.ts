/** Every change of a run, ascending by time unless `changesOf` is told otherwise. One column an attribute; row `i` of each belongs to change `i`. */
export interface ChangeSchedule {
  readonly count: number;
  /** Since the start of the run, warm-up included; whole microseconds. */
  readonly atMs: Float64Array;
  readonly collection: Int32Array;
  /** The device that writes; -1 when the change arises at the server. */
  readonly writer: Int32Array;
  /** Index into `importances`. */
  readonly importance: Uint8Array;
  /** Size of the object body. */
  readonly bytes: Uint32Array;
  /** Which of the collection's objects is written: from 0 to `objects` - 1, and on for those that are created; 0 in one that started empty and is only edited. */
  readonly object: Int32Array;
  /** Index into `deeds`. */
  readonly deed: Uint8Array;
}
