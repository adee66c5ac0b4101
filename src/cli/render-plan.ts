import { planResources, type Plan } from '../capacity/index.ts';
import type { Estimate } from '../results/index.ts';
import { newTable } from '../report/index.ts';

const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });
const percent = (value: number): string =>
  Number.isNaN(value)
    ? 'unknown'
    : value < 10
      ? `${(value * 100).toPrecision(3)} %`
      : `${whole(value * 100)} %`;
/** To three digits at most, in the unit that a person would take. */
function time(ms: number): string {
  if (Number.isNaN(ms)) return '–';
  const [, length, unit] = units.find(([from]) => ms >= from) ?? [0, 1, 'ms'];
  return `${Number((ms / length).toPrecision(ms < 10 ? 2 : 3))} ${unit}`;
}

const units = [
  [2 * 3_600_000, 3_600_000, 'h'],
  [2 * 60_000, 60_000, 'min'],
  [1000, 1000, 's'],
] as const;

function within(value: Estimate, format: (value: number) => string): string {
  const { mean, halfWidth } = value;
  return halfWidth === undefined ? format(mean) : `${format(mean)} ± ${format(halfWidth)}`;
}

const carries = ({ mean, halfWidth, n }: Estimate): string =>
  n === 0
    ? 'unknown'
    : mean === Infinity
      ? 'any number'
      : within({ mean, n, ...(halfWidth !== undefined && { halfWidth }) }, whole);

/** A plan as tables. */
export function renderPlan(label: string, planned: Plan): string {
  return [
    main(label, planned),
    peaks(planned),
    breakEven(planned),
    sensitivity(planned),
    ['beyond what was simulated or measured:', ...planned.extrapolations.map((text) => `  - ${text}`)].join(
      '\n',
    ),
    '',
  ].join('\n\n');
}

function main(label: string, planned: Plan): string {
  const table = newTable([label, '']);
  table.push(
    ['devices simulated', whole(planned.devices)],
    ['server busy, mean', within(planned.busy.mean, percent)],
    ['server busy, highest hour', within(planned.busy.peakHour, percent)],
    ['server busy, highest second', within(planned.busy.peakSecond, percent)],
    ['devices per server', within(planned.devicesPerServer, whole)],
    ['what gives out first', planned.bottleneck],
    ...planResources.map((resource) => [`  ${resource} alone carries`, carries(planned.carried[resource])]),
    ['devices per server when push is dead for good', within(planned.devicesPerServerWithoutPush, whole)],
    ['cost per 1,000 devices and month', within(planned.costPerThousandDevices, (value) => value.toFixed(3))],
    ['polls that make as many contacts', `every ${time(planned.equalPollIntervalMs.mean)}`],
  );
  return table.toString();
}

function peaks({ full, herd }: Plan): string {
  const table = newTable(['a server with all the devices it carries', '']);
  const headroom = (load: number): string => `${percent(load)} busy, ${percent(Math.max(0, 1 - load))} left`;
  table.push(
    ['in the highest hour', headroom(full.peakHour)],
    ['in the highest second', headroom(full.peakSecond)],
  );
  if (full.outage !== undefined) {
    const { during, after, duringWithout, afterWithout } = full.outage;
    table.push(
      [
        'in that hour with the push service dead',
        `${headroom(during)} (otherwise ${percent(duringWithout)})`,
      ],
      ['in the hour after it is back', `${headroom(after)} (otherwise ${percent(afterWithout)})`],
    );
  }
  if (herd !== undefined) {
    table.push(
      ['devices told of a change in the widest collection', whole(herd.devices)],
      [
        '  until all of them have it',
        `${time(herd.drainMs)} on an idle server, ${time(herd.drainAtPeakMs)} in the highest hour`,
      ],
      [
        '  longest wait of a request',
        `${time(herd.responseMs)}, ${whole(herd.backlog)} requests and messages before it`,
      ],
    );
  }
  return table.toString();
}

function breakEven({ breakEven: points }: Plan): string {
  if (points.length === 0)
    return 'no break-even of polls and push: the server has no work, or the run is too short';
  const table = newTable([
    'changes',
    'polls as dear to the server',
    'staleness p50 by push',
    'by such polls',
  ]);
  for (const { rate, intervalMs, beyondRange, pushStalenessMs, pollStalenessMs } of points) {
    table.push([
      `${rate} times`,
      `every ${time(intervalMs)}${beyondRange ? ' or beyond' : ''}`,
      time(pushStalenessMs),
      time(pollStalenessMs),
    ]);
  }
  return table.toString();
}

function sensitivity(planned: Plan): string {
  const table = newTable([
    'if',
    'devices per server',
    'change',
    'change of what the processor alone carries',
  ]);
  const signed = (change: number): string =>
    `${change >= 0 ? '+' : '−'}${(Math.abs(change) * 100).toFixed(1)} %`;
  for (const { assumption, devicesPerServer, change, processorChange } of planned.sensitivity) {
    table.push([assumption, whole(devicesPerServer), signed(change), signed(processorChange)]);
  }
  return table.toString();
}
