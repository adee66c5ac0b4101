import { describe, expect, it } from 'vitest';
import { checks, runConformance, startBundledServer, type CheckResult } from '../../src/conformance/index.ts';
import { listCollections } from '../../src/client/index.ts';
import { openSession } from './session.ts';

const notPassed = (results: readonly CheckResult[]) =>
  results.filter(({ verdict }) => verdict !== 'pass').map(({ id, verdict }) => ({ id, verdict }));

describe('the bundled server', () => {
  it.each([{ strict: false }, { strict: true }])('passes whole: strict $strict', async ({ strict }) => {
    await using server = await startBundledServer({ strict, windowMs: 100 });
    const { url, login, other } = server;
    const result = await runConformance({
      url,
      login,
      other,
      waitMs: 20_000,
      rotateKeys: () => server.rotateKeys(),
    });
    // Loopback is where everything here listens, so it cannot be a forbidden place too.
    expect(notPassed(result.checks)).toEqual([{ id: 'address.loopback', verdict: 'skip' }]);
    expect(result.checks.map(({ id }) => id)).toEqual(expect.arrayContaining(checks.map(({ id }) => id)));
    expect(result.leftBehind).toEqual([]);
    await using session = openSession(url, login);
    expect(await madeByTheSuite(session.session, `/calendars/${login.name}/`)).toEqual([]);
  });

  it('is left clean when the run is interrupted', async () => {
    await using server = await startBundledServer({ strict: false, windowMs: 50 });
    const { url, login } = server;
    const controller = new AbortController();
    await using session = openSession(url, login);
    const seen: string[] = [];
    const run = runConformance({
      url,
      login,
      waitMs: 20_000,
      signal: controller.signal,
      onResult(_result, done) {
        if (done === 10) {
          void madeByTheSuite(session.session, `/calendars/${login.name}/`).then((paths) => {
            seen.push(...paths);
            controller.abort(new Error('enough'));
          });
        }
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(seen).not.toEqual([]);
    expect(await madeByTheSuite(session.session, `/calendars/${login.name}/`)).toEqual([]);
  });
});

const madeByTheSuite = async (session: Parameters<typeof listCollections>[0], home: string) =>
  (await listCollections(session, home))
    .map(({ path }) => path)
    .filter((path) => path.includes('davpulse-conformance'));
