import { radioEnergyJ } from '../device/index.ts';
import { meanOf } from '../kernel/index.ts';
import type { EnergyCause } from '../metrics/index.ts';
import { connectRoundTrips } from '../network/index.ts';
import { ofRequest, type DeviceGroup, type RunSpec } from '../spec.ts';
import type { Made } from './requests-made.ts';

/** How long a device transfers and waits, in ms, and what it transfers, in bytes. */
export interface Cost {
  readonly activeMs: number;
  readonly waitingMs: number;
  readonly up: number;
  readonly down: number;
}

/** Bytes that requests carry. */
export function bytesOf(spec: RunSpec, { kind, count, items, bodyUp, bodyDown }: Made) {
  const cost = ofRequest(spec.wire.requests, kind);
  return {
    up: cost.up * count + cost.upPerItem * items + bodyUp,
    down: cost.down * count + cost.downPerItem * items + bodyDown,
  };
}

/** How long the bytes take on the link: one Mbit/s carries one bit a microsecond. */
export const transferMs = ({ link }: DeviceGroup, up: number, down: number): number =>
  ((8 * up) / link.mbpsUp + (8 * down) / link.mbpsDown) / 1000;

export const serviceMs = ({ server }: RunSpec, kind: Made['kind']): number =>
  meanOf(ofRequest(server.serviceMs, kind));

export function costOf(spec: RunSpec, group: DeviceGroup, made: readonly Made[]): Cost {
  const cost = { activeMs: 0, waitingMs: 0, up: 0, down: 0 };
  for (const request of made) {
    const { up, down } = bytesOf(spec, request);
    cost.activeMs += transferMs(group, up, down);
    cost.waitingMs += request.count * (meanOf(group.link.rttMs) + serviceMs(spec, request.kind));
    cost.up += up;
    cost.down += down;
  }
  return cost;
}

/** A transfer that nothing answers. */
export const costOfTransfer = (group: DeviceGroup, { up, down }: { up: number; down: number }): Cost => ({
  activeMs: transferMs(group, up, down),
  waitingMs: 0,
  up,
  down,
});

export function costOfConnect(spec: RunSpec, group: DeviceGroup): Cost {
  const waitingMs = connectRoundTrips(spec.transport) * meanOf(group.link.rttMs);
  return { ...costOfTransfer(group, spec.wire.connect), waitingMs };
}

/** What the radio of a device costs that does each thing so many times. */
export function energyOf(
  { durationMs }: RunSpec,
  { radio }: DeviceGroup,
  done: readonly { readonly times: number; readonly cost: Cost }[],
  { wakeUps, silentMs }: { readonly wakeUps: number; readonly silentMs: readonly number[] },
): Record<EnergyCause, number> {
  const sum = (value: (cost: Cost) => number) =>
    done.reduce((total, { times, cost }) => total + times * value(cost), 0);
  const waitingMs = sum((cost) => cost.waitingMs);
  return radioEnergyJ(radio, {
    promotionTicks: ticks(wakeUps * radio.promotion.ms),
    activeTicks: ticks(sum((cost) => cost.activeMs)),
    // A radio waits for answers in the first state of its tail.
    stages: silentMs.map((ms, stage) => ({
      ticks: ticks(ms + (stage === 0 ? waitingMs : 0)),
      promotionTicks: 0,
    })),
    bytesUp: sum((cost) => cost.up),
    bytesDown: sum((cost) => cost.down),
    countedTicks: ticks(durationMs),
  });
}

const ticks = (ms: number): number => ms * 1000;
