import { decryptPush, type PushKeys } from '../../client/index.ts';
import { parseXml, type XmlElement } from '../../xml/index.ts';
import { Setback, skip } from '../check.ts';
import type { Received } from './push-resource.ts';

/** The text inside a push message; undefined when it is not for these keys. */
export function clearText(keys: PushKeys, { body }: Received): string | undefined {
  try {
    return decryptPush(keys, body).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The document inside a push message. Ends the check when it cannot be read, which is for other checks to tell. */
export function readMessage(keys: PushKeys, received: Received): XmlElement {
  const text = clearText(keys, received);
  if (text === undefined) throw new Setback(skip('the message cannot be decrypted'));
  try {
    return parseXml(text);
  } catch {
    throw new Setback(skip('the message is not XML'));
  }
}

/** The head of an `aes128gcm` body (RFC 8188 section 2.1). */
export interface EncodingHeader {
  readonly salt: string;
  readonly recordSize: number;
  /** base64url; in Web Push the sender's public key. */
  readonly keyId: Buffer;
  /** Octets of ciphertext after the header. */
  readonly cipherBytes: number;
}

/** undefined when the body is too short to have one. */
export function encodingHeader({ body }: Received): EncodingHeader | undefined {
  if (body.length < 21) return undefined;
  const length = body.readUInt8(20);
  if (body.length < 21 + length) return undefined;
  return {
    salt: body.toString('base64url', 0, 16),
    recordSize: body.readUInt32BE(16),
    keyId: body.subarray(21, 21 + length),
    cipherBytes: body.length - 21 - length,
  };
}
