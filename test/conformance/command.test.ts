import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { listCollections } from '../../src/client/index.ts';
import { startBundledServer } from '../../src/conformance/index.ts';
import { openSession } from './session.ts';

async function command(...words: readonly string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const take = (text: string | Uint8Array): boolean => {
    out += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(take),
  );
  try {
    return { code: await runProgram(['node', 'davpulse', 'conformance', ...words]), out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('davpulse conformance', () => {
  it('does not touch a server elsewhere without a promise', async () => {
    const { code, out } = await command('https://dav.example.org/', '--user', 'a', '--password', 'b');
    expect(code).toBe(2);
    expect(out).toContain('--i-own-this-server');
  });

  it('refuses checks and defects that do not exist', async () => {
    expect((await command('--bundled', '--only', 'no.such')).code).toBe(2);
    expect((await command('--bundled', '--defect', 'no-such')).code).toBe(2);
  });

  it('ends with 1 when a MUST is not kept, and with 0 when all are', async () => {
    const only = ['--only', 'delivery.ttl', '--only', 'message.topic'];
    const broken = await command('--bundled', '--defect', 'no-ttl', ...only);
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('TTL is absent');
    expect((await command('--bundled', '--strict', ...only)).code).toBe(0);
  });

  it('cleans up after Ctrl-C and ends with 130', async () => {
    await using server = await startBundledServer({ strict: false, windowMs: 5000 });
    const { url, login } = server;
    const words = ['conformance', url, '--user', login.name, '--password', login.password];
    const child = spawn(process.execPath, ['bin/davpulse.js', ...words], { stdio: 'ignore' });
    await using session = openSession(url, login);
    const made = async (): Promise<string[]> =>
      (await listCollections(session.session, `/calendars/${login.name}/`))
        .map(({ path }) => path)
        .filter((path) => path.includes('davpulse-conformance'));
    await vi.waitFor(async () => expect(await made()).not.toEqual([]), { timeout: 30_000, interval: 50 });
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(await made()).toEqual([]);
  });
});
