import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { DavpulseError } from '../../errors/index.ts';
import type { CheckResult, ConformanceResult, Verdict } from './result.ts';

const profileSchema = z.strictObject({
  name: z.string(),
  /** What the list rests on. */
  source: z.string(),
  deviations: z.array(z.strictObject({ check: z.string(), reason: z.string() })),
});

/** The deviations that a named server is known to have. */
export type Profile = z.infer<typeof profileSchema>;

/** Reads a profile. @throws DavpulseError DAVPULSE_FILE_UNREADABLE, DAVPULSE_OPTION_INVALID */
export function readProfile(file: string, knownChecks: ReadonlySet<string>): Profile {
  const profile = profileSchema.safeParse(parseFile(file));
  if (!profile.success) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file}: ${z.prettifyError(profile.error)}`);
  }
  const unknown = profile.data.deviations.filter(({ check }) => !knownChecks.has(check));
  if (unknown.length > 0) {
    const names = unknown.map(({ check }) => check).join(', ');
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file} names checks that do not exist: ${names}`);
  }
  return profile.data;
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file} cannot be read: ${reason}`, { cause });
  }
}

function judged(check: CheckResult, known: string | undefined): CheckResult {
  if (known === undefined) return check;
  const verdicts: Partial<Record<Verdict, Verdict>> = { fail: 'known', warn: 'known', pass: 'unexpected' };
  const verdict = verdicts[check.verdict] ?? check.verdict;
  const reason =
    verdict === 'unexpected'
      ? `it passes, though the profile says: ${known}`
      : `${check.reason ?? ''} (known: ${known})`;
  return { ...check, verdict, reason };
}

/** The result in the light of what is known: a listed deviation is no failure, and its absence is one. */
export function applyProfile(result: ConformanceResult, profile: Profile): ConformanceResult {
  const known = new Map(profile.deviations.map(({ check, reason }) => [check, reason]));
  return {
    ...result,
    profile: profile.name,
    checks: result.checks.map((check) => judged(check, known.get(check.id))),
  };
}
