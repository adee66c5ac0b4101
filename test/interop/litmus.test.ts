import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestServer } from '../dav/harness.ts';
import { installed, run } from './command.ts';

it.skipIf(!installed('litmus'))('passes litmus whole', async () => {
  await using test = await startTestServer();
  const cwd = mkdtempSync(join(tmpdir(), 'davpulse-litmus-'));
  const { code, output } = await run('litmus', [`${test.server.url}/files/alice/`, 'alice', 'alice'], {
    cwd,
  });
  rmSync(cwd, { recursive: true });
  expect(output).not.toMatch(/FAIL|WARNING/);
  for (const suite of ['basic', 'copymove', 'props', 'locks', 'http']) {
    expect(output).toMatch(new RegExp(`summary for \`${suite}': .* 0 failed`));
  }
  expect(code).toBe(0);
});
