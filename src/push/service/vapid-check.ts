import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';

const header = /^vapid\s+(?=.*\bt=([\w-]+\.[\w-]+\.[\w-]+))(?=.*\bk=([\w-]+))/i;
const claims = z.object({ aud: z.string(), exp: z.number(), sub: z.string().optional() });
const maxLifetimeSeconds = 24 * 3600;
const remembered = 10_000;

/** Whether an `Authorization` header proves the key, for this origin and now: 0, or the status that says no. */
export type VapidCheck = (authorization: string | undefined, key: string | undefined) => 0 | 401 | 403;

function signatureHolds(token: string, key: string): boolean {
  const [head = '', body = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65) return false;
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  return verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

function readClaims(token: string): z.infer<typeof claims> | undefined {
  try {
    return claims.safeParse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

/**
 * RFC 8292: a restricted subscription takes messages only from the holder of its key. A header that is there is
 * checked also where none is needed. Good tokens are remembered, because senders reuse them (section 4.2).
 */
export function createVapidCheck(origin: () => string, now: () => number): VapidCheck {
  const good = new Map<string, number>();
  const proves = (token: string, key: string): boolean => {
    const seconds = now() / 1000;
    const known = good.get(`${key} ${token}`);
    if (known !== undefined) return known > seconds;
    const claimed = readClaims(token);
    if (claimed === undefined || claimed.aud !== origin()) return false;
    if (claimed.exp <= seconds || claimed.exp > seconds + maxLifetimeSeconds) return false;
    try {
      if (!signatureHolds(token, key)) return false;
    } catch {
      return false;
    }
    if (good.size >= remembered) good.clear();
    good.set(`${key} ${token}`, claimed.exp);
    return true;
  };
  return (authorization, key) => {
    if (authorization === undefined) return key === undefined ? 0 : 401;
    const [, token, sender] = header.exec(authorization) ?? [];
    if (token === undefined || sender === undefined) return key === undefined ? 0 : 401;
    return (key === undefined || key === sender) && proves(token, sender) ? 0 : 403;
  };
}
