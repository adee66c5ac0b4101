/** http_ece ships no types; this covers the `aes128gcm` part (RFC 8188, RFC 8291) that davpulse uses. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  export interface WebPushParameters {
    readonly version: 'aes128gcm';
    /** The own key pair: of the receiver when decrypting, of the sender when encrypting. */
    readonly privateKey: ECDH;
    /** base64url of 16 octets. */
    readonly authSecret: string;
    /** The receiver's public key, base64url; encrypting only. */
    readonly dh?: string;
    /** base64url of 16 octets; random when left out; encrypting only. */
    readonly salt?: string;
  }

  export function decrypt(body: Buffer, parameters: WebPushParameters): Buffer;
  export function encrypt(body: Buffer, parameters: WebPushParameters): Buffer;
}
