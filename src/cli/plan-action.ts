import { plan } from '../capacity/index.ts';
import { loadStudy, type Overrides } from '../scenario/index.ts';
import { pointsWith } from './points-with.ts';
import { note, print } from './output.ts';
import { renderPlan } from './render-plan.ts';

export interface PlanCommandOptions {
  readonly point: string;
  readonly objective: number;
  readonly cost: number;
  readonly connections: number;
  /** Of one server, in gigabytes. */
  readonly memory: number;
  readonly seed: readonly number[];
  readonly set?: NonNullable<Overrides['set']>;
  readonly json?: true;
}

/** Plans every point of a scenario and prints the answers. */
export function planAction(
  scenario: string,
  { point, objective, cost, connections, memory, seed, set, json }: PlanCommandOptions,
): void {
  const { runs } = loadStudy(scenario, { backend: 'sim', seeds: [1], ...(set && { set }) });
  for (const { spec } of pointsWith(point, runs)) {
    const planned = plan(spec, {
      seeds: seed,
      limits: { objective, connections, memoryBytes: memory * 1e9 },
      monthlyCost: cost,
      onProgress: (doing) => note(`${spec.label}: simulating ${doing}`),
    });
    print(
      json === true ? JSON.stringify({ label: spec.label, ...planned }) : renderPlan(spec.label, planned),
    );
  }
}
