import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A scenario of the package, from the source tree and from the compiled one, which lies a folder deeper. */
export function shippedScenario(name: string): string {
  const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const near = at(`../../scenarios/${name}`);
  return existsSync(near) ? near : at(`../../../scenarios/${name}`);
}
