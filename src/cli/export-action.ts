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

/** Writes `script.ts` and `testrun.yaml` for one point of a scenario. */
export async function exportK6Action(
  scenario: string,
  { out, point, parallelism }: ExportK6Options,
): Promise<void> {
  const { runs } = loadStudy(scenario);
  const chosen = runs.find(({ spec }) => spec.label.includes(point));
  if (chosen === undefined) {
    const labels = [...new Set(runs.map(({ spec }) => spec.label))].join(', ');
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `no point is called ${point}; there are ${labels}`);
  }
  const { script, testRun } = exportK6(chosen.spec, parallelism);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'script.ts'), script);
  await writeFile(join(out, 'testrun.yaml'), testRun);
  note(`k6: ${join(out, 'script.ts')} (run it beside a users.json with a list of {name, password})`);
}
