import { Histogram, ProductSum, type LedgerTotals } from '../metrics/index.ts';
import { importances, type Importance } from '../spec.ts';
import { countedPart, isCounted, type CountedWindow } from '../window.ts';

/** Counts every pair of a counted change and a device that must learn of it, and how stale devices were. */
export class Ledger {
  readonly staleness: readonly Histogram[] = importances.map(() => new Histogram());
  private readonly window: CountedWindow;
  private changes = 0;
  private expected = 0;
  private seenPairs = 0;
  private seenLate = 0;
  private lostPairs = 0;
  private staleTicks = 0;
  private ageTicks = 0;
  /** Sums of whole numbers, which do not depend on the order of events; absent where events come in order. */
  private readonly exact: { readonly delays: Float64Array; readonly doubleAge: ProductSum } | undefined;

  /** `orderless`: events do not come in the order of their time. */
  constructor(window: CountedWindow, orderless = false) {
    this.window = window;
    this.exact = orderless
      ? { delays: new Float64Array(importances.length), doubleAge: new ProductSum() }
      : undefined;
  }

  /** A change committed at `tick` that `readers` devices must learn of. */
  committed(tick: number, readers: number): void {
    if (!isCounted(this.window, tick)) return;
    this.changes += 1;
    this.expected += readers;
  }

  /** A device learned at `tick` of a change committed at `committedAt`. */
  seen(importance: number, committedAt: number, tick: number): void {
    if (!isCounted(this.window, committedAt)) return;
    this.seenPairs += 1;
    if (tick >= this.window.to) this.seenLate += 1;
    this.staleness[importance]?.add((tick - committedAt) / 1000);
    const { exact } = this;
    if (exact !== undefined) exact.delays[importance] = (exact.delays[importance] ?? 0) + tick - committedAt;
  }

  /** A device never learned of a change committed at `committedAt`. */
  lost(committedAt: number): void {
    if (isCounted(this.window, committedAt)) this.lostPairs += 1;
  }

  /** A device held an old state of one collection from `from` to `to`. */
  stale(from: number, to: number): void {
    const stale = countedPart(this.window, from, to);
    this.staleTicks += stale;
    // Age grows evenly from the first missing change on; what of it lies before the window counts as age reached.
    const reached = Math.max(0, this.window.from - from);
    if (this.exact === undefined) this.ageTicks += stale * (reached + stale / 2);
    else this.exact.doubleAge.add(stale, 2 * reached + stale);
  }

  /** Share of the time of `pairs` (device, collection) in which the device held the latest state. */
  freshShare(pairs: number): number {
    const total = pairs * (this.window.to - this.window.from);
    return total === 0 ? 1 : 1 - this.staleTicks / total;
  }

  /** Mean age in ms of what `pairs` (device, collection) hold. */
  meanAgeMs(pairs: number): number {
    const total = pairs * (this.window.to - this.window.from);
    const age = this.exact === undefined ? this.ageTicks : this.exact.doubleAge.total / 2;
    return total === 0 ? 0 : age / total / 1000;
  }

  /** @throws RangeError when a pair is neither seen nor lost: a defect of the model. */
  totals(): LedgerTotals {
    const { changes, expected, seenPairs: seen, seenLate, lostPairs: lost } = this;
    if (expected !== seen + lost) {
      throw new RangeError(`ledger does not balance: ${expected} expected, ${seen} seen, ${lost} lost`);
    }
    return { changes, expected, seen, seenLate, lost };
  }

  byImportance(): Record<Importance, ReturnType<Histogram['toData']>> {
    const data = (name: Importance) => {
      const importance = importances.indexOf(name);
      const histogram = this.staleness[importance] ?? new Histogram();
      if (this.exact !== undefined) histogram.sum = (this.exact.delays[importance] ?? 0) / 1000;
      return histogram.toData();
    };
    return { high: data('high'), normal: data('normal'), low: data('low') };
  }
}
