import { plan, type Plan } from '../capacity/index.ts';
import type { Estimate } from '../results/index.ts';
import { formatDuration, loadStudy } from '../scenario/index.ts';
import { newTable } from '../report/index.ts';
import { note, print } from './output.ts';

export interface PlanCommandOptions {
  readonly point: string;
  readonly objective: number;
  readonly cost: number;
  readonly seed: readonly number[];
  readonly json?: true;
}

/** Plans every point of a scenario and prints the answers. */
export function planAction(
  scenario: string,
  { point, objective, cost, seed, json }: PlanCommandOptions,
): void {
  const { runs } = loadStudy(scenario, { backend: 'sim', seeds: [1] });
  for (const { spec } of runs.filter((run) => run.spec.label.includes(point))) {
    const planned = plan(spec, {
      seeds: seed,
      objective,
      monthlyCost: cost,
      onProgress: (doing) => note(`${spec.label}: simulating ${doing}`),
    });
    print(json === true ? JSON.stringify({ label: spec.label, ...planned }) : render(spec.label, planned));
  }
}

const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });
const percent = (value: number): string => `${(value * 100).toPrecision(3)} %`;

function within(value: Estimate, format: (value: number) => string): string {
  const { mean, halfWidth } = value;
  return halfWidth === undefined ? format(mean) : `${format(mean)} ± ${format(halfWidth)}`;
}

function render(label: string, planned: Plan): string {
  const table = newTable([label, '']);
  table.push(
    ['devices simulated', whole(planned.devices)],
    ['server busy, mean', within(planned.busy.mean, percent)],
    ['server busy, highest hour', within(planned.busy.peakHour, percent)],
    ['server busy, highest second', within(planned.busy.peakSecond, percent)],
    ['devices per server', within(planned.devicesPerServer, whole)],
    ['devices per server when push is dead', within(planned.devicesPerServerWithoutPush, whole)],
    ['cost per 1,000 devices and month', within(planned.costPerThousandDevices, (value) => value.toFixed(3))],
    [
      'polls as dear in contacts',
      `every ${formatDuration(Math.round(planned.equalPollIntervalMs.mean / 1000) * 1000)}`,
    ],
    ...planned.sensitivity.map(({ assumption, devicesPerServer, change }) => [
      assumption,
      `${whole(devicesPerServer)} (${change >= 0 ? '+' : '−'}${percent(Math.abs(change))})`,
    ]),
    [
      'extrapolated',
      planned.extrapolates ? 'yes: a server carries far more than was simulated; raise users to check' : 'no',
    ],
  );
  return table.toString();
}
