import { createECDH } from 'node:crypto';
import type { PushKeys } from '../../client/index.ts';
import { child, ns, type XmlElement } from '../../xml/index.ts';

/** What a client told the server of its subscription. */
export interface Subscription {
  readonly url: string;
  /** base64url. */
  readonly publicKey: string;
  readonly authSecret: string;
}

const secretOctets = 16;

/** The subscription in a `push-register`; undefined when something is wrong with it, which is for the server to say. */
export function subscriptionIn(request: XmlElement): Subscription | undefined {
  const holder = child(request, ns.push, 'subscription');
  const subscription = holder && child(holder, ns.push, 'web-push-subscription');
  const text = (name: string): string =>
    (subscription && child(subscription, ns.push, name)?.text.trim()) ?? '';
  const url = text('push-resource');
  const [publicKey, authSecret] = [text('subscription-public-key'), text('auth-secret')];
  const right = url.startsWith('http://127.0.0.1:') && isPoint(publicKey);
  if (!right || Buffer.from(authSecret, 'base64url').length !== secretOctets) return undefined;
  return { url, publicKey, authSecret };
}

/** The request with another push resource and other keys. */
export function redirected(request: XmlElement, url: string, keys: PushKeys): XmlElement {
  const texts: Readonly<Record<string, string>> = {
    'push-resource': url,
    'subscription-public-key': keys.publicKey,
    'auth-secret': keys.authSecret,
  };
  const replace = (element: XmlElement): XmlElement => ({
    ...element,
    text: (element.ns === ns.push ? texts[element.name] : undefined) ?? element.text,
    children: element.children.map(replace),
  });
  return replace(request);
}

function isPoint(publicKey: string): boolean {
  const probe = createECDH('prime256v1');
  probe.generateKeys();
  try {
    probe.computeSecret(Buffer.from(publicKey, 'base64url'));
    return true;
  } catch {
    return false;
  }
}
