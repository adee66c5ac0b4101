import { textWidth } from '../text-width.ts';

/** A label beside a mark; `x` and `y` are shares of the plot from its lower left corner. */
export interface PlacedLabel {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly side: 'left' | 'right';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

const fontSize = 12;
const lineHeight = 14;
/** From a mark to its label, px. */
const gap = 10;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && Math.abs(a.middle - b.middle) < lineHeight;

/**
 * Which labels can be read in a plot of so many px: of two that would lie over each other, and be both unreadable, the
 * first one stays.
 */
export function labelsWithRoom(labels: readonly PlacedLabel[], width: number, height: number): boolean[] {
  const taken: Box[] = [];
  return labels.map(({ label, x, y, side }) => {
    const length = textWidth(label, fontSize);
    const at = x * width;
    const box = {
      left: side === 'right' ? at + gap : at - gap - length,
      right: side === 'right' ? at + gap + length : at - gap,
      middle: height - y * height + (side === 'right' ? -9 : 10),
    };
    const fits = !taken.some((other) => overlap(box, other));
    if (fits) taken.push(box);
    return fits;
  });
}
