import { it } from 'vitest';
import { killRepeatedly } from './kill-repeatedly.ts';

// Fifty kills run with `npm run soak`.
it('loses no acknowledged write when it is killed', () => killRepeatedly(6));
