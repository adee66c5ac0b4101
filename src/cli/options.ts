import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { parsePath, type Overrides } from '../scenario/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { metrics, type PrecisionGoal } from '../results/index.ts';

type Setting = NonNullable<Overrides['set']>[number];
export type Account = { readonly name: string; readonly password: string };

/** `path=value`, the value read as YAML; repeated options add up. */
export function parseSetting(text: string, previous: readonly Setting[] = []): Setting[] {
  const [path = '', ...rest] = text.split('=');
  if (path === '' || rest.length === 0)
    throw new InvalidArgumentError('expected path=value, such as users=500.');
  try {
    return [...previous, [parsePath(path), parse(rest.join('='))]];
  } catch {
    throw new InvalidArgumentError(`the value of ${path} is not valid YAML.`);
  }
}

/** `https://push.example`; repeated options add up. */
export function addOrigin(text: string, previous: readonly string[] = []): string[] {
  if (!URL.canParse(text) || new URL(text).origin === 'null') {
    throw new InvalidArgumentError('expected an origin, such as https://push.example.');
  }
  return [...previous, new URL(text).origin];
}

/** A seed or a list of seeds: `7` or `1,2,3`. */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(',').map(Number);
  if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 0)) {
    throw new InvalidArgumentError('expected a whole number, or several with commas between: 1,2,3.');
  }
  return seeds;
}

/** Part `part` (from 1) of `of` equal parts. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** `3/16` as the third of sixteen parts. */
export function parseShard(text: string): Shard {
  const [, part, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part === undefined || of === undefined || part < 1 || part > of) {
    throw new InvalidArgumentError('expected K/N with 1 <= K <= N, such as 3/16.');
  }
  return { part, of };
}

/** `staleness.p95=2%` as a metric and the relative half-width that its interval may have. */
export function parsePrecision(text: string): PrecisionGoal {
  const [, metricId = '', percent = ''] = /^([\w.-]+)=(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const relative = Number(percent) / 100;
  if (!(relative > 0 && relative < 1)) {
    throw new InvalidArgumentError('expected METRIC=PERCENT, such as staleness.p95=2%.');
  }
  if (!metrics.some(({ id }) => id === metricId)) {
    throw new InvalidArgumentError(
      `there is no metric ${metricId}; there are ${metrics.map(({ id }) => id).join(', ')}.`,
    );
  }
  return { metricId, relative };
}

/** A whole number from `min` to `max`. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max || text.trim() === '') {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };

/** `NAME:PASSWORD`; repeated options add up. */
export function parseAccount(text: string, previous: readonly Account[] = []): Account[] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('expected NAME:PASSWORD.');
  return [...previous, { name: text.slice(0, colon), password: text.slice(colon + 1) }];
}

/** Accounts from a file of `name,password` lines. @throws DavpulseError DAVPULSE_FILE_UNREADABLE */
export function readAccounts(file: string): Account[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file} cannot be read`, { cause });
  }
  const names = new Set<string>();
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const wrong = (expected: string) =>
      new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file}:${index + 1}:1: expected ${expected}`);
    const comma = line.indexOf(',');
    if (comma < 1) throw wrong('name,password');
    const name = line.slice(0, comma);
    // Two users of the fleet in one account would see each other's changes.
    if (names.has(name)) throw wrong(`each account once; ${name} is there already`);
    names.add(name);
    return [{ name, password: line.slice(comma + 1) }];
  });
}
