import * as vega from 'vega';

/** Advance widths of DejaVu Sans, in em, by groups of letters that are alike. */
const widths: readonly (readonly [letters: RegExp, em: number])[] = [
  [/[ijl|'.,:; ]/, 0.31],
  [/[frtI()[\]!/\-‐–]/, 0.38],
  [/[csxzvykJL]/, 0.56],
  [/[mwMWÄÖ@%]/, 0.93],
  [/[A-Z+<>=±×−]/, 0.72],
];
const otherEm = 0.63;

const emOf = (letter: string): number => widths.find(([letters]) => letters.test(letter))?.[1] ?? otherEm;

/** Width of a line of text in the font of the files, px. */
export const textWidth = (text: string, fontSize: number): number =>
  fontSize * Array.from(text).reduce((sum, letter) => sum + emOf(letter), 0);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Without a canvas Vega guesses that each letter is 0.8 em wide, which leaves gaps and cuts labels. Its measuring
 * functions are open to replacement, but not described by its types.
 */
export function useFileFontMetrics(): void {
  const metrics: unknown = Reflect.get(vega, 'textMetrics');
  if (!isRecord(metrics)) throw new RangeError('this Vega has no text metrics to replace');
  metrics['width'] = (item: unknown, text: unknown): number => {
    const size = isRecord(item) && typeof item['fontSize'] === 'number' ? item['fontSize'] : 11;
    return textWidth(String(text), size);
  };
}
