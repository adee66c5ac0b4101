import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DavpulseError } from '../errors/index.ts';
import type { AppleSettings } from '../push/index.ts';

const schema = z.strictObject({
  gateway: z.url(),
  bundleId: z.string().min(1),
  environment: z.enum(['PRODUCTION', 'SANDBOX']),
  teamId: z.string().min(1),
  keyId: z.string().min(1),
  privateKey: z.string().min(1),
});

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file} cannot be read`, { cause });
  }
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file} is not valid YAML`, { cause });
  }
}

function readKey(file: string): string {
  const pem = read(file);
  try {
    createPrivateKey(pem);
    return pem;
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file} holds no private key in PEM`, { cause });
  }
}

/**
 * Settings of Apple's push from a YAML file; the path of the key counts from that file.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE or DAVPULSE_OPTION_INVALID
 */
export function readAppleSettings(file: string): AppleSettings {
  const parsed = schema.safeParse(parseYaml(read(file), file));
  if (!parsed.success) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `${file}: ${z.prettifyError(parsed.error)}`);
  }
  return { ...parsed.data, privateKey: readKey(resolve(dirname(file), parsed.data.privateKey)) };
}
