const half = 2 ** 20;
const full = 2 ** 50;

/**
 * The exact sum of products of whole numbers below 2^39, each beyond 2^53 perhaps: the sum does not depend on the order
 * in which they come, which that of rounded products does.
 */
export class ProductSum {
  /** The sum is `high`·2^40 + `middle`·2^20 + `low`. */
  private high = 0;
  private middle = 0;
  private low = 0;

  add(one: number, other: number): void {
    const oneHigh = Math.floor(one / half);
    const oneLow = one - oneHigh * half;
    const otherHigh = Math.floor(other / half);
    const otherLow = other - otherHigh * half;
    this.high += oneHigh * otherHigh;
    this.middle += oneHigh * otherLow + oneLow * otherHigh;
    this.low += oneLow * otherLow;
    if (this.low >= full || this.middle >= full) this.carry();
  }

  get total(): number {
    this.carry();
    return (this.high * half + this.middle) * half + this.low;
  }

  private carry(): void {
    const toMiddle = Math.floor(this.low / half);
    this.low -= toMiddle * half;
    this.middle += toMiddle;
    const toHigh = Math.floor(this.middle / half);
    this.middle -= toHigh * half;
    this.high += toHigh;
  }
}
