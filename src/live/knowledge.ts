import type { ChangeSchedule, FleetLayout } from '../../sim/index.ts';
import type { SyncOutcome } from '../client/index.ts';
import type { CountedTime } from './counted-time.ts';
import type { Subscription } from './device.ts';
import type { Invitations } from './invitations.ts';
import { LiveLedger } from './ledger.ts';
import { changeOf } from './object-body.ts';
import { objectIn } from './provision.ts';
import { Removals } from './removals.ts';

/** What the devices know of the changes, told by what they receive. */
export class Knowledge {
  readonly ledger: LiveLedger;
  readonly #removals: Removals;
  /** Whose changes count, where the collections hold those of other runs. */
  readonly #run: string | undefined;
  readonly #invitations: Invitations | undefined;

  constructor(
    layout: FleetLayout,
    schedule: ChangeSchedule,
    counted: CountedTime,
    run: string | undefined,
    invitations: Invitations | undefined,
  ) {
    this.#invitations = invitations;
    this.ledger = new LiveLedger(layout, schedule, counted);
    this.#removals = new Removals(schedule);
    this.#run = run;
  }

  /** The server took a change. */
  committed(change: number, atMs: number): void {
    this.ledger.committed(change, atMs);
    this.#removals.taken(change, atMs);
  }

  /**
   * A device brought a collection up to date at `atMs`, having asked from `startedAt` on; gives how many changes of
   * others it learned.
   */
  learn(
    device: number,
    { collection, written }: Subscription,
    { fetched, known, removed }: SyncOutcome,
    startedAt: number,
    atMs: number,
  ): number {
    let learned = 0;
    const seen = (change: number | undefined): void => {
      if (change !== undefined && change >= 0) learned += this.ledger.seen(device, change, atMs);
    };
    for (const object of fetched) {
      const { href, data } = object;
      written.delete(href);
      seen(changeOf(data, this.#run));
      for (const change of this.#invitations?.learn(device, collection, object) ?? []) seen(change);
    }
    for (const href of known) seen(written.get(href));
    for (const href of removed) seen(this.#removals.of(collection, objectIn(href)));
    for (const change of this.#removals.news(device, collection, startedAt)) seen(change);
    return learned;
  }
}
