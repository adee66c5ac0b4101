import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { decrypt, encrypt } from 'http_ece';
import { describe, expect, it } from 'vitest';
import { encryptMessage } from '../../src/push/transports/web-push/encrypt-message.ts';
import { createVapidCheck } from '../../src/push/service/vapid-check.ts';

/** RFC 8291 section 5 and appendix A. */
const rfc8291 = {
  plaintext: 'When I grow up, I want to be a watermelon',
  senderPrivate: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  senderPublic: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  receiverPrivate: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  receiverPublic: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  message:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

/** RFC 8292 section 2.4. */
const rfc8292 = {
  audience: 'https://push.example.net',
  expires: 1_453_523_768,
  authorization:
    'vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs',
};

const keysFrom = (privateKey: string) => {
  const keys = createECDH('prime256v1');
  keys.setPrivateKey(privateKey, 'base64url');
  return keys;
};

describe('published vectors', () => {
  it('RFC 8291: the very message, and back', () => {
    const sender = keysFrom(rfc8291.senderPrivate);
    const receiver = keysFrom(rfc8291.receiverPrivate);
    expect(sender.getPublicKey('base64url')).toBe(rfc8291.senderPublic);
    expect(receiver.getPublicKey('base64url')).toBe(rfc8291.receiverPublic);
    const message = encrypt(Buffer.from(rfc8291.plaintext), {
      version: 'aes128gcm',
      privateKey: sender,
      dh: rfc8291.receiverPublic,
      authSecret: rfc8291.auth,
      salt: rfc8291.salt,
    });
    expect(message.toString('base64url')).toBe(rfc8291.message);
    const plain = decrypt(message, {
      version: 'aes128gcm',
      privateKey: receiver,
      authSecret: rfc8291.auth,
    });
    expect(plain.toString()).toBe(rfc8291.plaintext);
  });

  it('RFC 8291: what the server sends is the very message, given the same secrets', async () => {
    const { receiverPublic, auth, plaintext, senderPublic, senderPrivate, salt } = rfc8291;
    const point = Buffer.from(senderPublic, 'base64url');
    const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)];
    const key = { kty: 'EC', crv: 'P-256', x, y, d: senderPrivate };
    const body = encryptMessage(
      Buffer.from(plaintext),
      { p256dh: receiverPublic, auth },
      {
        privateKey: createPrivateKey({ format: 'jwk', key }),
        publicKey: createPublicKey({ format: 'jwk', key }),
        salt: Buffer.from(salt, 'base64url'),
      },
    );
    expect(body.toString('base64url')).toBe(rfc8291.message);
  });

  property.prop([fc.uint8Array({ maxLength: 3993 })], { numRuns: 50 })(
    'RFC 8291: whatever is sent decrypts with http_ece',
    async (bytes) => {
      const receiver = createECDH('prime256v1');
      const p256dh = receiver.generateKeys('base64url');
      const body = encryptMessage(Buffer.from(bytes), { p256dh, auth: rfc8291.auth });
      const plain = decrypt(body, { version: 'aes128gcm', privateKey: receiver, authSecret: rfc8291.auth });
      expect(plain.equals(bytes)).toBe(true);
      expect(body.length).toBeLessThanOrEqual(4096);
    },
  );

  it('RFC 8291: no more than fits into one record', async () => {
    const keys = { p256dh: rfc8291.receiverPublic, auth: rfc8291.auth };
    expect(encryptMessage(Buffer.alloc(3993), keys)).toHaveLength(4096);
    expect(() => encryptMessage(Buffer.alloc(3994), keys)).toThrow(RangeError);
  });

  it('RFC 8292: the published token proves its key, for its audience and until its end', () => {
    const { audience, authorization, expires } = rfc8292;
    const key = /k=(.*)$/.exec(authorization)?.[1];
    const check = (origin: string, seconds: number) =>
      createVapidCheck(
        () => origin,
        () => seconds * 1000,
      )(authorization, key);
    expect(check(audience, expires - 10)).toBe(0);
    expect(check(audience, expires + 1)).toBe(403);
    expect(check(audience, expires - 86_401)).toBe(403);
    expect(check('https://other.example', expires - 10)).toBe(403);
  });
});
