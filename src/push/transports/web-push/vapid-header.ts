import webPush from 'web-push';

/** An application server's identity (RFC 8292): base64url of the raw P-256 keys, and a contact. */
export interface VapidIdentity {
  readonly publicKey: string;
  readonly privateKey: string;
  /** `mailto:` or `https:` URL. */
  readonly subject: string;
}

const lifetimeMs = 12 * 3_600_000;
const renewBeforeMs = 3_600_000;
const keptOrigins = 10_000;

/**
 * The `Authorization` header for an origin, signed once and reused: checking a signature is what costs the push
 * service (RFC 8292 section 4.2), and making one is a good part of what a message costs here.
 */
export function createVapidHeaders(
  current: () => VapidIdentity,
  now: () => number,
): (origin: string) => string {
  const cache = new Map<string, { header: string; renewAt: number }>();
  return (origin) => {
    const identity = current();
    const place = `${identity.publicKey} ${origin}`;
    const cached = cache.get(place);
    if (cached !== undefined && now() < cached.renewAt) return cached.header;
    const expiresAt = now() + lifetimeMs;
    const { Authorization: header } = webPush.getVapidHeaders(
      origin,
      identity.subject,
      identity.publicKey,
      identity.privateKey,
      'aes128gcm',
      Math.floor(expiresAt / 1000),
    );
    if (cache.size >= keptOrigins) cache.clear();
    cache.set(place, { header, renewAt: expiresAt - renewBeforeMs });
    return header;
  };
}
