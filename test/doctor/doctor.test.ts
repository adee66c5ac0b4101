import { afterEach, describe, expect, it } from 'vitest';
import { startBundledServer, defects, type BundledServer } from '../../src/conformance/index.ts';
import { examine, type DoctorOptions, type Finding } from '../../src/doctor/index.ts';

const closing: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serverWith(defect?: string): Promise<BundledServer> {
  const found = defects.find(({ id }) => id === defect);
  const server = await startBundledServer({
    strict: false,
    windowMs: 50,
    ...(found === undefined ? {} : { defect: found }),
  });
  closing.push(() => server[Symbol.asyncDispose]());
  return server;
}

async function findingsOf(options: Partial<DoctorOptions> & Pick<DoctorOptions, 'url'>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const well = await examine({
    user: 'conformance',
    password: '',
    listen: { host: '127.0.0.1', port: 0 },
    waitMs: 10_000,
    verifyCertificate: true,
    onFinding: (finding) => findings.push(finding),
    signal: new AbortController().signal,
    ...options,
  });
  expect(well).toBe(findings.every((finding) => finding.well));
  return findings;
}

const brief = (findings: readonly Finding[]) => findings.map(({ step, well }) => [step, well]);

describe('doctor', () => {
  it('goes through to the push message of a server that is well', async () => {
    const { url, login } = await serverWith();
    const findings = await findingsOf({ url, password: login.password });
    expect(brief(findings)).toEqual([
      ['find the account', true],
      ['find push', true],
      ['subscribe', true],
      ['change something', true],
      ['be told', true],
    ]);
  });

  it('says that nothing listens', async () => {
    const [finding] = await findingsOf({ url: 'http://127.0.0.1:1/' });
    expect(finding).toMatchObject({ well: false, found: expect.stringContaining('nothing listens') });
  });

  it('says that the password is wrong', async () => {
    const { url } = await serverWith();
    const [finding] = await findingsOf({ url, password: 'guess' });
    expect(finding).toMatchObject({ well: false, found: expect.stringContaining('user name and password') });
  });

  it('says that the server has no push', async () => {
    const { url, login } = await serverWith('no-web-push');
    const findings = await findingsOf({ url, password: login.password });
    expect(brief(findings).at(-1)).toEqual(['find push', false]);
  });

  it('says that the server does not want the address of the push service', async () => {
    const { url, login } = await serverWith();
    const listen = { host: '127.0.0.1', port: 0, publicUrl: 'http://10.1.2.3' };
    const findings = await findingsOf({ url, password: login.password, listen });
    const last = findings.at(-1);
    expect(last).toMatchObject({ step: 'subscribe', well: false });
    expect(JSON.stringify(last)).toContain('private addresses');
  });

  it('says that no message came', async () => {
    const { url, login } = await serverWith();
    // Nobody is there; loopback is let pass, so the server tries.
    const listen = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1:1' };
    const findings = await findingsOf({ url, password: login.password, listen, waitMs: 300 });
    expect(findings.at(-1)).toMatchObject({
      step: 'be told',
      found: expect.stringContaining('no push message came'),
    });
  });

  it('says that the message cannot be decrypted', async () => {
    const { url, login } = await serverWith('clear-text');
    const findings = await findingsOf({ url, password: login.password });
    expect(findings.at(-1)).toMatchObject({ step: 'be told', found: expect.stringContaining('decrypted') });
  });

  it('says that the message is about something else', async () => {
    const { url, login } = await serverWith('wrong-topic');
    const findings = await findingsOf({ url, password: login.password });
    expect(findings.at(-1)).toMatchObject({
      step: 'be told',
      found: expect.stringContaining('does not name'),
    });
  });
});
