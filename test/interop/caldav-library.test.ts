import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startTestServer } from '../dav/harness.ts';
import { run } from './command.ts';

// Debian's own interpreter is the one that sees Debian's library.
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import caldav']).status === 0,
);

it.skipIf(python === undefined)('serves python3-caldav', async () => {
  await using test = await startTestServer();
  const args = ['test/interop/caldav-library.py', `${test.server.url}/`, 'alice', 'alice'];
  const { output, code } = await run(python ?? '', args, { cwd: process.cwd() });
  expect([code, output]).toEqual([0, expect.stringContaining('done')]);
});
