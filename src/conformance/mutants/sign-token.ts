import { createPrivateKey, sign } from 'node:crypto';

/** base64url of the raw P-256 keys. */
export interface SigningKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface VapidClaims {
  aud?: string;
  exp?: number;
  sub?: string;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of RFC 8292 with whatever claims a defect wants, which a library would refuse to sign. */
export function signToken(claims: VapidClaims, { publicKey, privateKey }: SigningKey): string {
  const point = Buffer.from(publicKey, 'base64url');
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.toString('base64url', 1, 33),
      y: point.toString('base64url', 33),
      d: privateKey,
    },
  });
  const head = `${encode({ typ: 'JWT', alg: 'ES256' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(head), { key, dsaEncoding: 'ieee-p1363' });
  return `${head}.${signature.toString('base64url')}`;
}
