import { it } from 'vitest';
import { killRepeatedly } from './kill-repeatedly.ts';

it('loses no acknowledged write in 50 kills', () => killRepeatedly(50), 300_000);
