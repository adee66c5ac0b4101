import { join } from 'node:path';
import { exitCodes } from '../errors/index.ts';
import { chapters, dependence, writeGuide } from '../guide/index.ts';
import { readResultFile, type ResultFile } from '../results/index.ts';
import { runStudy } from '../run/index.ts';
import { loadStudy, shipped, type Study } from '../scenario/index.ts';
import { interruption } from './interruption.ts';
import { note } from './output.ts';
import { progressDisplay } from './progress-display.ts';
import { reportFailure } from './report-failure.ts';
import { resultOf } from './result-of.ts';

export interface GuideCommandOptions {
  readonly out: string;
  readonly quick?: true;
  readonly fromData?: true;
}

/** Runs every study of the guide, one after the other, and writes the guide; gives the exit code. */
export async function guide(options: GuideCommandOptions): Promise<number> {
  const results = new Map<string, ResultFile>();
  for (const { id } of chapters) {
    if (options.fromData === true) {
      results.set(id, await readResultFile(join(options.out, 'guide', 'data', `${id}.json`)));
      continue;
    }
    const path = shipped('guide', `${id}.yaml`);
    const study = options.quick === true ? quick(loadStudy(path, { seeds: [1, 2] })) : loadStudy(path);
    const outcome = await runOne(study, options);
    if ('error' in outcome) return reportFailure(outcome.error);
    results.set(id, outcome.result);
  }
  const command = options.quick === true ? 'davpulse guide --quick' : 'davpulse guide';
  await writeGuide(results, options.out, { command, dataFolder: shipped('data') });
  note(`guide: ${join(options.out, 'guide', 'README.md')} and guide.html`);
  return exitCodes.done;
}

/** Two seeds show how far chance goes, one what an input or real traffic does; the full run takes what each study asks for. */
function quick(study: Study): Study {
  const live = study.runs.filter(({ backend }) => backend === 'live');
  const single = new Set([dependence, ...live.map(({ spec }) => spec.scenario)]);
  return {
    ...study,
    runs: study.runs.filter(({ spec }) => spec.seed === 1 || !single.has(spec.scenario)),
  };
}

async function runOne(
  study: Study,
  options: GuideCommandOptions,
): Promise<{ result: ResultFile } | { error: unknown }> {
  note(`${study.title}: ${study.runs.length} runs`);
  using interrupt = interruption();
  const display = progressDisplay(process.stderr);
  const startedAt = new Date();
  const outcome = await runStudy(study, {
    signal: interrupt.signal,
    onProgress: (progress) => display.update(progress),
  });
  display.clear();
  if ('error' in outcome) return { error: outcome.error };
  return {
    result: resultOf(
      study,
      outcome.finished.map(({ record }) => record),
      { startedAt, command: `davpulse guide${options.quick === true ? ' --quick' : ''}` },
    ),
  };
}
