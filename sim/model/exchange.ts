import type { DeviceKind } from './device-kind.ts';

/** One request of a device under way. */
export interface Exchange {
  readonly device: number;
  readonly kind: DeviceKind;
  readonly roundTrip: number;
  /** Index into `requestKinds`. */
  readonly request: number;
  readonly items: number;
  readonly bodyUp: number;
  readonly bodyDown: number;
}
