import pc from 'picocolors';
import { examine, type Finding } from '../doctor/index.ts';
import { DavpulseError, exitCodes } from '../errors/index.ts';
import { interruption } from './interruption.ts';
import { print } from './output.ts';

export interface DoctorCommandOptions {
  readonly user: string;
  readonly password?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly publicUrl?: string;
  readonly wait: number;
  readonly insecure?: true;
}

/** Examines a server and tells every step as it is made. */
export async function doctor(url: string, options: DoctorCommandOptions): Promise<number> {
  if (!URL.canParse(url)) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${url} is no URL: give it with https:// or http://`);
  }
  const { user, listen, publicUrl } = options;
  using interrupted = interruption();
  const well = await examine({
    url,
    user,
    password: options.password ?? process.env['DAVPULSE_PASSWORD'] ?? '',
    listen: { ...listen, ...(publicUrl === undefined ? {} : { publicUrl }) },
    waitMs: options.wait * 1000,
    verifyCertificate: options.insecure !== true,
    onFinding: (finding) => print(told(finding)),
    signal: interrupted.signal,
  });
  print(well ? '\nPush works from this server to this machine.' : '');
  return well ? exitCodes.done : exitCodes.badVerdict;
}

function told(finding: Finding): string {
  if (finding.well) return `${pc.green('ok')}    ${finding.step}: ${finding.found}`;
  const advice = finding.advice.map((remedy) => `      - ${remedy}`);
  return [`${pc.red('wrong')} ${finding.step}: ${finding.found}`, '      What to do:', ...advice].join('\n');
}
