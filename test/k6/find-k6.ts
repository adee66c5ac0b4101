import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The k6 binary of `npm run k6:install`, or one on the path; undefined when there is none that runs. */
export function findK6(): string | undefined {
  const built = fileURLToPath(new URL('../../.tools/k6', import.meta.url));
  return [built, 'k6'].find((file) => {
    try {
      execFileSync(file, ['version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
