import { createPrivateKey, sign } from 'node:crypto';

export interface ProviderKey {
  readonly teamId: string;
  readonly keyId: string;
  /** PEM of a P-256 key. */
  readonly privateKey: string;
}

// APNs refuses tokens older than an hour and complains of ones renewed more often than every 20 minutes.
const renewAfterMs = 45 * 60_000;

/** The provider authentication token of APNs (a JWT, ES256), made anew in time. */
export function createProviderToken(key: ProviderKey, now: () => number): () => string {
  const privateKey = createPrivateKey(key.privateKey);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  let token = '';
  let madeAt = -Infinity;
  return () => {
    if (now() - madeAt < renewAfterMs) return token;
    madeAt = now();
    const claims = { iss: key.teamId, iat: Math.floor(madeAt / 1000) };
    const head = `${encode({ alg: 'ES256', kid: key.keyId })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(head), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    token = `${head}.${signature.toString('base64url')}`;
    return token;
  };
}
