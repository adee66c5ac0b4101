import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyProfile,
  checks,
  exitCodeOf,
  readProfile,
  renderHtml,
  renderJunit,
  renderText,
  runConformance,
  startBundledServer,
  type CheckResult,
  type ConformanceResult,
  type Verdict,
} from '../../src/conformance/index.ts';
import { parseXml } from '../../src/xml/index.ts';

const check = (id: string, verdict: Verdict, level: CheckResult['level'] = 'MUST'): CheckResult => ({
  id,
  clause: 'clause <1>',
  level,
  title: `title of ${id} & more`,
  verdict,
  reason: 'a reason "quoted"',
  durationMs: 12,
  transcript: [{ from: 'client', line: 'PUT /x', headers: { a: 'b' }, body: '<x>\u0000</x>' }],
});

const result = (...of: CheckResult[]): ConformanceResult => ({
  target: 'http://dav.example/',
  madeAt: '2026-01-01T00:00:00.000Z',
  profile: undefined,
  checks: of,
  leftBehind: [],
});

const profile = (...ids: string[]) => ({
  name: 'Example',
  source: 'read',
  deviations: ids.map((id) => ({ check: id, reason: 'known long' })),
});

describe('exit codes', () => {
  it.each<[Verdict[], boolean, number]>([
    [['pass', 'skip', 'warn'], false, 0],
    [['pass', 'warn'], true, 1],
    [['pass', 'fail'], false, 1],
    [['pass', 'unexpected'], false, 1],
    [['pass', 'known'], false, 0],
    [['pass', 'error'], false, 3],
    [['skip'], false, 3],
  ])('%j with fail-on-should %s is %i', (verdicts, failOnWarnings, code) => {
    const checks = verdicts.map((verdict, index) => check(`c.${index}`, verdict));
    expect(exitCodeOf(result(...checks), failOnWarnings)).toBe(code);
  });
});

describe('profiles', () => {
  it('forgive what is known and fail what passes against expectation', () => {
    const judged = applyProfile(
      result(check('a', 'fail'), check('b', 'pass'), check('c', 'fail'), check('d', 'skip')),
      profile('a', 'b', 'd'),
    );
    expect(judged.checks.map(({ verdict }) => verdict)).toEqual(['known', 'unexpected', 'fail', 'skip']);
    expect(judged.profile).toBe('Example');
  });

  it('are refused when they name a check that does not exist', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'davpulse-')), 'profile.yaml');
    writeFileSync(file, 'name: X\nsource: Y\ndeviations:\n  - { check: no.such, reason: none }\n');
    expect(() => readProfile(file, new Set(['some.check']))).toThrow('no.such');
  });

  it('of known servers can all be read', () => {
    const folder = 'scenarios/data/conformance-profiles';
    const known = new Set(checks.map(({ id }) => id));
    for (const name of readdirSync(folder)) {
      expect(readProfile(join(folder, name), known).deviations).not.toEqual([]);
    }
  });
});

describe('renderings', () => {
  const mixed = result(
    check('g.a', 'fail'),
    check('g.b', 'pass'),
    check('g.c', 'skip'),
    check('g.d', 'error'),
  );

  it('are well-formed JUnit with the right counts', () => {
    const suite = parseXml(renderJunit(mixed)).children[0];
    expect(suite?.attributes).toMatchObject({ tests: '4', failures: '1', errors: '1', skipped: '1' });
    expect(suite?.children.map(({ children }) => children[0]?.name)).toEqual([
      'failure',
      undefined,
      'skipped',
      'error',
    ]);
  });

  it('say in text what did not pass, and everything when asked', () => {
    expect(renderText(mixed, false)).not.toContain('g.b');
    expect(renderText(mixed, true)).toContain('g.b');
    expect(renderText(mixed, false)).toContain('1 pass, 1 fail, 1 skip, 1 error');
  });

  it('are one page without markup from the server in it', () => {
    const page = renderHtml({ ...mixed, target: '<script>alert(1)</script>' });
    expect(page).not.toContain('<script>');
    expect(page).toContain('sent and received');
  });
});

describe('transcripts', () => {
  it('show what was sent and received, without passwords and keys', async () => {
    await using server = await startBundledServer({ strict: false, windowMs: 50 });
    const { url, login } = server;
    const { checks: made } = await runConformance({
      url,
      login,
      waitMs: 10_000,
      only: ['register.new-keys'],
    });
    const text = JSON.stringify(made);
    expect(text).toContain('push-register');
    expect(text).toContain('POST (push resource)');
    expect(text).not.toContain(Buffer.from(`${login.name}:${login.password}`).toString('base64'));
    expect(text).not.toMatch(/auth-secret>[\w-]{22}</);
  });
});
