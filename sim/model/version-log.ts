import type { ChangeSchedule, FleetLayout } from '../workload/index.ts';

/**
 * The versions of every collection: version `v` is the state after its first `v` commits. Commits may be noted
 * before their time, so questions name the tick they ask about.
 */
export class VersionLog {
  /**
   * When each change was committed, in ticks. It takes the place of when the change was to happen, which is of no use
   * once it has; only what `changeOf` tells of is committed.
   */
  readonly committedAt: Float64Array;
  private readonly first: Uint32Array;
  private readonly changes: Uint32Array;
  private readonly counts: Uint32Array;

  constructor(layout: FleetLayout, schedule: ChangeSchedule) {
    this.committedAt = schedule.atMs;
    this.changes = new Uint32Array(schedule.count);
    this.counts = new Uint32Array(layout.collections);
    this.first = new Uint32Array(layout.collections + 1);
    for (const collection of schedule.collection) {
      this.first[collection + 1] = (this.first[collection + 1] ?? 0) + 1;
    }
    for (let collection = 0; collection < layout.collections; collection += 1) {
      this.first[collection + 1] = (this.first[collection + 1] ?? 0) + (this.first[collection] ?? 0);
    }
  }

  /** Notes that a change is committed at `tick`; commits of one collection take the order of their ticks. */
  commit(collection: number, change: number, tick: number): void {
    const { changes, committedAt } = this;
    const first = this.first[collection] ?? 0;
    const count = this.counts[collection] ?? 0;
    let place = first + count;
    while (place > first && (committedAt[changes[place - 1] ?? 0] ?? 0) > tick) {
      changes[place] = changes[place - 1] ?? 0;
      place -= 1;
    }
    changes[place] = change;
    committedAt[change] = tick;
    this.counts[collection] = count + 1;
  }

  /** The version that the server holds at `tick`, of all that is noted. */
  versionAt(collection: number, tick: number): number {
    const first = this.first[collection] ?? 0;
    let version = this.counts[collection] ?? 0;
    while (version > 0 && (this.committedAt[this.changes[first + version - 1] ?? 0] ?? 0) > tick)
      version -= 1;
    return version;
  }

  latest(collection: number): number {
    return this.counts[collection] ?? 0;
  }

  /** The change that made version `version`, from 1. */
  changeOf(collection: number, version: number): number {
    return this.changes[(this.first[collection] ?? 0) + version - 1] ?? 0;
  }
}
