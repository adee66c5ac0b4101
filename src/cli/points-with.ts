import type { RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

/** The runs whose label has a text. @throws DavpulseError DAVPULSE_OPTION_INVALID, with the labels, when there is none */
export function pointsWith<Run extends { readonly spec: RunSpec }>(
  text: string,
  runs: readonly Run[],
): Run[] {
  const chosen = runs.filter(({ spec }) => spec.label.includes(text));
  if (chosen.length > 0) return chosen;
  const labels = [...new Set(runs.map(({ spec }) => spec.label))].join('; ');
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `no point has "${text}" in its label; there are: ${labels}`,
  );
}
