import { writeSync } from 'node:fs';
import { it } from 'vitest';
import { killRepeatedly, type Tally } from './kill-repeatedly.ts';

const tell = (kill: number, { answered, cutOff }: Tally, owed: number): void => {
  if (kill % 5 === 0)
    writeSync(1, `${kill} kills: ${answered} writes answered, ${cutOff} cut off, ${owed} in the outbox\n`);
};

it('loses no acknowledged write in 50 kills', () => killRepeatedly(50, tell), 300_000);
