import type { Urgency } from '../policy/index.ts';

const urgencies: readonly Urgency[] = ['very-low', 'low', 'normal', 'high'];

/** Urgencies of RFC 8030 section 5.3 in their order, from 0 for the least. */
export const urgencyRank = (urgency: Urgency): number => urgencies.indexOf(urgency);
