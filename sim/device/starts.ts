import type { DeviceGroup } from '../spec.ts';

/** When a device begins to ask, ms: the devices of all groups in turn, each group over its own time. */
export const startOf = ({ starts }: Pick<DeviceGroup, 'starts'>, device: number, devices: number): number =>
  starts === undefined ? 0 : starts.fromMs + (starts.overMs * device) / devices;
