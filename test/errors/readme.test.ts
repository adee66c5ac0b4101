import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorCodes } from '../../src/errors/index.ts';

it('the README lists every error code with its exit code and meaning', () => {
  const rows = [...readFileSync('README.md', 'utf8').matchAll(/^\| `(DAVPULSE_\w+)` \| (\d+) \| (.+) \|$/gm)];
  const listed = Object.fromEntries(
    rows.map(([, code, exit, meaning]) => [code, { exit: Number(exit), meaning }]),
  );
  expect(listed).toEqual(errorCodes);
});
