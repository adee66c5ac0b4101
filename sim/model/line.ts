import { RadioTotals } from '../device/index.ts';
import { createSampler, type Sampler } from '../kernel/index.ts';
import type { LinkSpec, RadioSpec } from '../spec.ts';
import type { CountedWindow } from './window.ts';

/** A radio of the devices of one group and the path behind it, with what they did on it. */
export class Line {
  readonly radio: RadioTotals;
  /** What other traffic alone would have made of the radio; absent where there is none. */
  readonly others: RadioTotals | undefined;
  readonly roundTripMs: Sampler;
  /** Round-trip time in ticks; -1 when it is drawn for each contact. */
  readonly fixedRoundTrip: number;
  readonly pagingMs: Sampler;
  private readonly ticksPerByteUp: number;
  private readonly ticksPerByteDown: number;

  constructor(radio: RadioSpec, link: LinkSpec, shared: boolean, window: CountedWindow) {
    this.radio = new RadioTotals(radio, window.from, window.to);
    this.others = shared ? new RadioTotals(radio, window.from, window.to) : undefined;
    this.roundTripMs = createSampler(link.rttMs);
    this.fixedRoundTrip = link.rttMs.kind === 'constant' ? Math.round(link.rttMs.value * 1000) : -1;
    this.pagingMs = createSampler(radio.pagingMs);
    // One Mbit/s carries one bit a microsecond.
    this.ticksPerByteUp = 8 / link.mbpsUp;
    this.ticksPerByteDown = 8 / link.mbpsDown;
  }

  /** How long a transfer takes on the link. */
  ticksOf(bytesUp: number, bytesDown: number): number {
    return Math.round(bytesUp * this.ticksPerByteUp + bytesDown * this.ticksPerByteDown);
  }
}
