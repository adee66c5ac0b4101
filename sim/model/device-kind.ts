import { RadioTotals } from '../device/index.ts';
import { createSampler, type Sampler } from '../kernel/index.ts';
import { createSyncPolicy, type SyncPolicy } from '../policy/index.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';
import type { CountedWindow } from './window.ts';

/** One device group made ready to run: what its devices share, and their totals. */
export class DeviceKind {
  readonly group: DeviceGroup;
  readonly policy: SyncPolicy;
  readonly radio: RadioTotals;
  readonly roundTripMs: Sampler;
  readonly pagingMs: Sampler;
  readonly ticksPerByteUp: number;
  readonly ticksPerByteDown: number;
  readonly checksFirst: boolean;
  readonly batch: number;
  /** Devices of the group hold push subscriptions, and a connection to the push service. */
  readonly pushed: boolean;
  readonly keepAliveTicks: number;
  devices = 0;
  contacts = 0;
  emptyContacts = 0;

  constructor(group: DeviceGroup, spec: RunSpec, window: CountedWindow) {
    this.group = group;
    this.policy = createSyncPolicy(group.syncPolicy);
    this.radio = new RadioTotals(group.radio, window.from, window.to);
    this.roundTripMs = createSampler(group.link.rttMs);
    this.pagingMs = createSampler(group.radio.pagingMs);
    // One Mbit/s carries one bit a microsecond.
    this.ticksPerByteUp = 8 / group.link.mbpsUp;
    this.ticksPerByteDown = 8 / group.link.mbpsDown;
    this.checksFirst = group.client.check === 'sync-token';
    this.batch = group.client.multigetBatch;
    this.pushed = this.policy.usesPush && spec.pushPolicy.kind !== 'off';
    this.keepAliveTicks = this.pushed ? Math.round(spec.pushService.keepAliveMs * 1000) : 0;
  }
}
