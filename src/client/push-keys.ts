import { createECDH, randomBytes, type ECDH } from 'node:crypto';
import { decrypt } from 'http_ece';

/** The key material of one push subscription (RFC 8291 section 2): it stays on the device. */
export interface PushKeys {
  readonly ecdh: ECDH;
  /** base64url of the uncompressed P-256 point. */
  readonly publicKey: string;
  /** base64url of 16 octets. */
  readonly authSecret: string;
}

export function createPushKeys(): PushKeys {
  const ecdh = createECDH('prime256v1');
  return {
    publicKey: ecdh.generateKeys('base64url'),
    authSecret: randomBytes(16).toString('base64url'),
    ecdh,
  };
}

/** The same keys as text, for a device that keeps them. */
export const formatPushKeys = ({
  ecdh,
  authSecret,
}: PushKeys): { privateKey: string; authSecret: string } => ({
  privateKey: ecdh.getPrivateKey('base64url'),
  authSecret,
});

/** @throws Error when the text is no key of the curve */
export function parsePushKeys({
  privateKey,
  authSecret,
}: {
  readonly privateKey: string;
  readonly authSecret: string;
}): PushKeys {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey, 'base64url');
  return { publicKey: ecdh.getPublicKey('base64url'), authSecret, ecdh };
}

/** The clear text of an `aes128gcm` message (RFC 8291 section 4). @throws Error when it is not for these keys */
export const decryptPush = (keys: PushKeys, body: Buffer): Buffer =>
  decrypt(body, { version: 'aes128gcm', privateKey: keys.ecdh, authSecret: keys.authSecret });
