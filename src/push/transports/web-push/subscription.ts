import { createECDH } from 'node:crypto';
import { z } from 'zod';
import { child, children, ns, type XmlElement } from '../../../xml/index.ts';
import type { SubscriptionData } from '../transport.ts';

const keySchema = z.object({ p256dh: z.string(), auth: z.string() });
export type SubscriptionKeys = z.infer<typeof keySchema>;

/** The keys as they were stored by `readSubscription`. */
export const parseKeys = (details: string): SubscriptionKeys => keySchema.parse(JSON.parse(details));

const base64url = /^[A-Za-z0-9_-]+={0,2}$/;

function octets(text: string | undefined): Buffer | undefined {
  const trimmed = text?.replaceAll(/\s/g, '') ?? '';
  return base64url.test(trimmed) ? Buffer.from(trimmed, 'base64url') : undefined;
}

/** RFC 8291 section 5: a point off the curve must be refused, or the sender's key may leak. */
function isPoint(key: Buffer): boolean {
  if (key.length !== 65 || key[0] !== 4) return false;
  const probe = createECDH('prime256v1');
  probe.generateKeys();
  try {
    probe.computeSecret(key);
    return true;
  } catch {
    return false;
  }
}

/** Reads `web-push-subscription` (WebDAV-Push draft); `mayUse` judges the push resource's URL. */
export function readSubscription(
  element: XmlElement,
  mayUse: (url: URL) => boolean,
  strictEncoding: boolean,
): SubscriptionData | 'invalid' {
  const resources = children(element, ns.push, 'push-resource');
  const address = resources[0]?.text.trim() ?? '';
  const encoding = child(element, ns.push, 'content-encoding')?.text.trim();
  const publicKey = octets(child(element, ns.push, 'subscription-public-key')?.text);
  const secret = octets(child(element, ns.push, 'auth-secret')?.text);
  if (resources.length !== 1 || !URL.canParse(address) || !mayUse(new URL(address))) return 'invalid';
  if (encoding === undefined ? strictEncoding : encoding !== 'aes128gcm') return 'invalid';
  if (publicKey === undefined || !isPoint(publicKey) || secret?.length !== 16) return 'invalid';
  const keys: SubscriptionKeys = {
    p256dh: publicKey.toString('base64url'),
    auth: secret.toString('base64url'),
  };
  return { address, details: JSON.stringify(keys) };
}
