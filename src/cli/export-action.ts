import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DavpulseError } from '../errors/index.ts';
import { exportK6 } from '../k6/index.ts';
import { loadStudy } from '../scenario/index.ts';
import { note } from './output.ts';

export interface ExportK6Options {
  readonly out: string;
  readonly point: string;
  readonly parallelism: number;
}

/** Writes the load test and the resource of the operator for one point of a scenario. */
export async function exportK6Action(
  scenario: string,
  { out, point, parallelism }: ExportK6Options,
): Promise<void> {
  const { runs, thresholds } = loadStudy(scenario);
  const chosen = runs.find(({ spec }) => spec.label.includes(point));
  if (chosen === undefined) {
    const labels = [...new Set(runs.map(({ spec }) => spec.label))].join(', ');
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `no point is called ${point}; there are ${labels}`);
  }
  const { spec } = chosen;
  const promised = thresholds.filter((stated) => stated.scenario === spec.scenario).map(({ text }) => text);
  const files = exportK6(spec, { parallelism, thresholds: promised });
  await mkdir(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(out, name), text);
  note(
    `k6: k6 run ${join(out, 'script.ts')} -e DAVPULSE_URL=… -e DAVPULSE_USERS=users.json (a list of {name, password})`,
  );
}
