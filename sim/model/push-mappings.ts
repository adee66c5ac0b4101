import type { Line } from './line.ts';

/**
 * What middleboxes remember of push connections: one that was silent for longer than the NAT timeout of its link is
 * forgotten without either end being told (RFC 5382 section 5), and what is sent on it is lost until the device's
 * next keep-alive finds out and the device connects again.
 */
export class PushMappings {
  /** By device, when its push connection carried something last. */
  private readonly usedAt: Float64Array;

  constructor(devices: number) {
    this.usedAt = new Float64Array(devices);
  }

  used(device: number, tick: number): void {
    this.usedAt[device] = tick;
  }

  isForgotten(device: number, line: Line, tick: number): boolean {
    return tick - (this.usedAt[device] ?? 0) > line.natTicks;
  }
}
