import { existsSync } from 'node:fs';
import {
  applyProfile,
  checks,
  defects,
  exitCodeOf,
  readProfile,
  renderHtml,
  renderJunit,
  renderText,
  runConformance,
  runPushServiceConformance,
  startBundledServer,
  type ConformanceOptions,
  type ConformanceResult,
} from '../conformance/index.ts';
import { DavpulseError, exitCodes } from '../errors/index.ts';
import { writeWhole } from '../results/index.ts';
import { shipped } from '../scenario/index.ts';
import { interruption } from './interruption.ts';
import { note, print } from './output.ts';
import { requireOwned } from './conformance-server.ts';

export interface ConformanceCommandOptions {
  readonly user?: string;
  readonly password?: string;
  readonly otherUser?: string;
  readonly otherPassword?: string;
  readonly listen?: { readonly host: string; readonly port: number };
  readonly publicUrl?: string;
  readonly wait: number;
  readonly insecure?: true;
  readonly only?: string[];
  readonly profile?: string;
  readonly failOn: 'must' | 'should';
  readonly all?: true;
  readonly json?: true;
  readonly junit?: string;
  readonly html?: string;
  readonly iOwnThisServer?: true;
  readonly pushService?: string;
  readonly bundled?: true;
  readonly strict?: true;
  readonly defect?: string;
  readonly list?: true;
}

type Common = Pick<ConformanceOptions, 'waitMs' | 'only' | 'listen' | 'onResult' | 'signal'>;

/** Checks a server, tells the results, and gives the exit code. */
export async function conformance(
  url: string | undefined,
  options: ConformanceCommandOptions,
): Promise<number> {
  if (options.list === true) {
    print(listed(options.bundled === true));
    return exitCodes.done;
  }
  const known = new Set(checks.map(({ id }) => id));
  for (const id of options.only ?? []) if (!known.has(id)) throw wrong(`there is no check ${id}: see --list`);
  const profile =
    options.profile === undefined ? undefined : readProfile(profileFile(options.profile), known);
  using interrupted = interruption();
  const { listen, publicUrl } = options;
  const common: Common = {
    waitMs: options.wait * 1000,
    signal: interrupted.signal,
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(listen === undefined
      ? {}
      : { listen: { ...listen, ...(publicUrl === undefined ? {} : { publicUrl }) } }),
    onResult: (_result, done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} checks${done === of ? '\n' : ''}`);
    },
  };
  const plain = await chosen(url, options, common);
  const result = profile === undefined ? plain : applyProfile(plain, profile);
  await tell(result, options);
  return exitCodeOf(result, options.failOn === 'should');
}

function chosen(
  url: string | undefined,
  options: ConformanceCommandOptions,
  common: Common,
): Promise<ConformanceResult> {
  const { pushService, bundled } = options;
  if (pushService !== undefined) return checkPushService(pushService, options, common);
  return bundled === true ? checkBundled(options, common) : checkServer(url, options, common);
}

async function checkPushService(
  url: string,
  options: ConformanceCommandOptions,
  { waitMs, signal }: Common,
): Promise<ConformanceResult> {
  if (!URL.canParse(url)) throw wrong(`${url} is no URL of a push service`);
  requireOwned(url, options.iOwnThisServer === true);
  const verifyCertificate = options.insecure !== true;
  return await runPushServiceConformance({
    url,
    waitMs,
    verifyCertificate,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function checkBundled(options: ConformanceCommandOptions, common: Common): Promise<ConformanceResult> {
  const defect = defects.find(({ id }) => id === options.defect);
  if (options.defect !== undefined && defect === undefined) {
    throw wrong(`there is no defect ${options.defect}: see --bundled --list`);
  }
  await using server = await startBundledServer({
    strict: options.strict === true,
    windowMs: 100,
    ...(defect === undefined ? {} : { defect }),
  });
  const { url, login, other } = server;
  return await runConformance({ ...common, url, login, other, rotateKeys: () => server.rotateKeys() });
}

async function checkServer(
  url: string | undefined,
  options: ConformanceCommandOptions,
  common: Common,
): Promise<ConformanceResult> {
  if (url === undefined || !URL.canParse(url)) throw wrong('name the server by its URL, or say --bundled');
  requireOwned(url, options.iOwnThisServer === true);
  const { user, otherUser } = options;
  if (user === undefined) throw wrong('say who to be: --user NAME --password PASSWORD');
  const password = options.password ?? process.env['DAVPULSE_PASSWORD'] ?? '';
  const otherPassword = options.otherPassword ?? process.env['DAVPULSE_OTHER_PASSWORD'] ?? '';
  return await runConformance({
    ...common,
    url,
    login: { name: user, password },
    ...(otherUser === undefined ? {} : { other: { name: otherUser, password: otherPassword } }),
    verifyCertificate: options.insecure !== true,
  });
}

async function tell(result: ConformanceResult, options: ConformanceCommandOptions): Promise<void> {
  if (options.junit !== undefined) await writeWhole(options.junit, renderJunit(result));
  if (options.html !== undefined) await writeWhole(options.html, renderHtml(result));
  print(
    options.json === true ? JSON.stringify(result, undefined, 1) : renderText(result, options.all === true),
  );
  for (const path of result.leftBehind) note(`could not be removed: ${path}`);
}

const listed = (bundled: boolean): string =>
  bundled
    ? defects
        .map(({ id, title, caughtBy }) => `${id.padEnd(26)} ${title} (${caughtBy.join(', ')})`)
        .join('\n')
    : checks
        .map(({ id, level, title, clause }) => `${id.padEnd(26)} ${level.padEnd(6)} ${title} (${clause})`)
        .join('\n');

const profileFile = (name: string): string =>
  existsSync(name) ? name : shipped('data', 'conformance-profiles', `${name}.yaml`);

const wrong = (message: string): DavpulseError => new DavpulseError('DAVPULSE_OPTION_INVALID', message);
