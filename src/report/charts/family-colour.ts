import { palette } from '../style.ts';

/** Colour by family, the same in every chart. */
export const familyColour = {
  field: 'family',
  type: 'nominal',
  scale: { domain: ['polling', 'push'], range: [palette.polling, palette.push] },
} as const;

export const familyShape = {
  field: 'family',
  type: 'nominal',
  scale: { domain: ['polling', 'push'], range: ['circle', 'diamond'] },
} as const;
