import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file or folder below `scenarios` of the package: from the source tree, and from the compiled one a folder deeper. */
export function shipped(...path: string[]): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = ['../../scenarios', '../../../scenarios'].map((folder) => resolve(here, folder));
  return join(candidates.find((folder) => existsSync(folder)) ?? 'scenarios', ...path);
}
