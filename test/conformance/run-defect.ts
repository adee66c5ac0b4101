import {
  runConformance,
  startBundledServer,
  type CheckResult,
  type Defect,
} from '../../src/conformance/index.ts';

/** What the suite sees of the bundled server with one defect. */
export async function runDefect(defect: Defect, only?: readonly string[]): Promise<readonly CheckResult[]> {
  await using server = await startBundledServer({ strict: false, windowMs: 100, defect });
  const { url, login, other } = server;
  const { checks } = await runConformance({
    url,
    login,
    other,
    waitMs: 4000,
    concurrency: 16,
    rotateKeys: () => server.rotateKeys(),
    ...(only === undefined ? {} : { only }),
  });
  return checks;
}

export const caught = (results: readonly CheckResult[]): string[] =>
  results
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn' || verdict === 'error')
    .map(({ id }) => id);
