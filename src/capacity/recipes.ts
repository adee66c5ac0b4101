import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DavpulseError } from '../errors/index.ts';
import { shipped } from '../scenario/index.ts';

const recipeSchema = z.strictObject({
  name: z.string(),
  /** The one that the rest is about. */
  version: z.string(),
  /** `driven`: runs were made and completed; `recipe`: written from its documents, never run here. */
  checked: z.enum(['driven', 'recipe']),
  /** Commands or steps, for a loopback only. */
  start: z.array(z.string()).min(1),
  /** How the file of accounts comes about. */
  users: z.string(),
  url: z.url({ hostname: /^127\.0\.0\.1$/ }),
  /** What gives the id of its process. */
  pid: z.string(),
  /** Whether it has WebDAV-Push. */
  push: z.boolean(),
  /** What a run on it will show otherwise than on the bundled server, and how that is known. */
  gaps: z.array(z.strictObject({ what: z.string(), source: z.string() })).min(1),
});

/** How to start a server and drive it, and what to expect. */
export type Recipe = z.output<typeof recipeSchema>;

const folder = (): string => shipped('data', 'servers', 'recipes');

/** Names of the servers that there are recipes for. */
export const recipeNames = (): string[] =>
  readdirSync(folder())
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort();

/** @throws DavpulseError DAVPULSE_OPTION_INVALID for a name without a recipe */
export function readRecipe(name: string): Recipe {
  const names = recipeNames();
  if (!names.includes(name)) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `there is no recipe for ${name}; there are ${names.join(', ')}`,
    );
  }
  return recipeSchema.parse(parse(readFileSync(join(folder(), `${name}.yaml`), 'utf8')));
}
