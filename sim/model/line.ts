import { RadioTotals } from '../device/index.ts';
import { createSampler, nearest, type Sampler } from '../kernel/index.ts';
import { keptConnectionMs } from '../network/index.ts';
import type { LinkSpec, RadioSpec, TransportSpec } from '../spec.ts';
import type { CountedWindow } from '../window.ts';
import { LoneRadio } from './lone-radio.ts';

/** A radio of the devices of one group and the path behind it, with what they did on it. */
export class Line {
  readonly radio: RadioTotals;
  /** What syncing and other traffic would each have made of the radio alone; absent where there is only the one. */
  readonly alone: { readonly own: LoneRadio; readonly others: LoneRadio } | undefined;
  readonly roundTripMs: Sampler;
  /** Round-trip time in ticks; -1 when it is drawn for each contact. */
  readonly fixedRoundTrip: number;
  readonly pagingMs: Sampler;
  /** How long an idle connection for requests is kept. */
  readonly keptTicks: number;
  /** For how long a connection may be silent before it is forgotten on the way. */
  readonly natTicks: number;
  private readonly ticksPerByteUp: number;
  private readonly ticksPerByteDown: number;

  /** `shared`: how many devices there are when other traffic shares the radio, else 0. */
  constructor(
    radio: RadioSpec,
    link: LinkSpec,
    shared: number,
    transport: TransportSpec,
    window: CountedWindow,
  ) {
    this.radio = new RadioTotals(radio, window);
    const alone = () => new LoneRadio(radio, shared, window);
    this.alone = shared > 0 ? { own: alone(), others: alone() } : undefined;
    this.roundTripMs = createSampler(link.rttMs);
    this.fixedRoundTrip = link.rttMs.kind === 'constant' ? Math.round(link.rttMs.value * 1000) : -1;
    this.pagingMs = createSampler(radio.pagingMs);
    this.keptTicks = keptConnectionMs(transport, link) * 1000;
    this.natTicks = (link.natTimeoutMs ?? Infinity) * 1000;
    // One Mbit/s carries one bit a microsecond.
    this.ticksPerByteUp = 8 / link.mbpsUp;
    this.ticksPerByteDown = 8 / link.mbpsDown;
  }

  /** All totals of the radio: as it is, and as parts of the traffic would make it. */
  get totals(): readonly RadioTotals[] {
    const { alone, radio } = this;
    return alone === undefined ? [radio] : [radio, alone.own.totals, alone.others.totals];
  }

  /** How long a transfer takes on the link. */
  ticksOf(bytesUp: number, bytesDown: number): number {
    return nearest(bytesUp * this.ticksPerByteUp + bytesDown * this.ticksPerByteDown);
  }
}
