import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';

const claims = z.object({
  aud: z.string().optional(),
  exp: z.number().optional(),
  sub: z.string().optional(),
});
const head = z.object({ alg: z.string() });

/** What an `Authorization: vapid` header says (RFC 8292 section 3). */
export interface VapidToken {
  readonly token: string;
  readonly key: string;
  readonly algorithm: string;
  readonly claims: z.infer<typeof claims>;
}

/** undefined when the header is not of the `vapid` scheme or its token cannot be read. */
export function readVapid(authorization: string | undefined): VapidToken | undefined {
  const [scheme, parameters] = /^(\S+)\s+(.*)$/.exec(authorization ?? '')?.slice(1) ?? [];
  if (scheme?.toLowerCase() !== 'vapid') return undefined;
  const token = /(?:^|,\s*)t="?([\w.-]+)/.exec(parameters ?? '')?.[1];
  const key = /(?:^|,\s*)k="?([\w-]+)/.exec(parameters ?? '')?.[1];
  const [first, second] = token?.split('.') ?? [];
  const header = head.safeParse(decode(first)).data;
  const body = claims.safeParse(decode(second)).data;
  if (token === undefined || key === undefined || header === undefined || body === undefined)
    return undefined;
  return { token, key, algorithm: header.alg, claims: body };
}

/** Whether the token is signed by the key that it names, by ES256. */
export function signatureHolds({ token, key }: VapidToken): boolean {
  const end = token.lastIndexOf('.');
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65) return false;
  try {
    const publicKey = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.toString('base64url', 1, 33),
        y: point.toString('base64url', 33),
      },
    });
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    return verify(
      'sha256',
      Buffer.from(token.slice(0, end)),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      signature,
    );
  } catch {
    return false;
  }
}

const decode = (part: string | undefined): unknown => {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  } catch {
    return undefined;
  }
};
