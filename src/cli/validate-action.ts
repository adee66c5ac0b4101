import { validate, type AgreementRow } from '../capacity/index.ts';
import { exitCodes } from '../errors/index.ts';
import { loadStudy, shipped } from '../scenario/index.ts';
import { newTable } from '../report/index.ts';
import { interruption } from './interruption.ts';
import { noteSharedProcessors } from './note-shared-processors.ts';
import { note, print } from './output.ts';
import { pointsWith } from './points-with.ts';

export interface ValidateCommandOptions {
  readonly only?: string;
  readonly seconds: number;
  readonly json?: true;
}

/** Compares the backends on a scenario's points; gives the exit code of the verdict. */
export async function validateAction(
  scenario: string | undefined,
  { only = '', seconds, json }: ValidateCommandOptions,
): Promise<number> {
  using interrupt = interruption();
  const { runs } = loadStudy(scenario ?? shipped('agreement.yaml'), { backend: 'live' });
  pointsWith(only, runs);
  noteSharedProcessors();
  const told: AgreementRow[] = [];
  const rows = await validate(
    runs.map(({ spec }) => spec),
    {
      only,
      signal: interrupt.signal,
      maxLagMs: Math.max(...runs.map(({ maxLagMs }) => maxLagMs)),
      budgetMs: seconds * 1000,
      onProgress: (doing) => note(doing),
      onRows: (made) => {
        told.push(...made);
        if (json === true) for (const row of made) print(JSON.stringify(row));
        else note(verdictOf(made));
      },
    },
  ).finally(() => {
    // A run of this length may be cut off: what whole rounds came to is shown all the same.
    if (json !== true && told.length > 0) print(renderRows(told));
  });
  if (rows.some(({ verdict }) => verdict === 'differs')) return exitCodes.badVerdict;
  return rows.some(({ verdict }) => verdict === 'not valid') ? exitCodes.cannotTell : exitCodes.done;
}

function verdictOf(rows: readonly AgreementRow[]): string {
  const differing = rows.filter(({ verdict }) => verdict !== 'agrees' && verdict !== 'no bound');
  const label = rows[0]?.label ?? '';
  if (differing.length === 0) return `${label}: everything agrees`;
  const share = (gap: number): string => (Number.isNaN(gap) ? '' : ` by ${(gap * 100).toFixed(1)} %`);
  return `${label}: ${differing.map(({ figure, verdict, gap }) => `${figure} ${verdict}${share(gap)}`).join(', ')}`;
}

function renderRows(rows: readonly AgreementRow[]): string {
  const table = newTable(['point', 'figure', 'live', 'simulated', 'gap', '±', 'bound', 'runs', 'verdict']);
  const share = (value: number): string => (Number.isNaN(value) ? '' : `${(value * 100).toFixed(1)} %`);
  for (const { label, figure, unit, live, sim, gap, gapHalfWidth, bound, runs, verdict } of rows) {
    const amount = (value: number): string =>
      Number.isNaN(value) ? '' : `${value.toLocaleString('en', { maximumSignificantDigits: 5 })} ${unit}`;
    table.push([
      label,
      figure,
      amount(live),
      amount(sim),
      share(gap),
      share(gapHalfWidth),
      share(bound),
      runs,
      verdict,
    ]);
  }
  return table.toString();
}
