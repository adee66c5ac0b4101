import { createECDH, randomBytes } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { mayConnect } from '../../src/push/guard/address-guard.ts';
import { DavSide, until } from './dav-side.ts';
import { createEndpointGuard } from '../../src/push/guard/endpoint-guard.ts';

describe('address guard', () => {
  it.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['127.0.0.2', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:93.184.216.34', true],
    ['::ffff:a00:1', false],
    ['::10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::', false],
    ['fc00::1', false],
    ['fe80::1', false],
    ['ff02::1', false],
    ['not an address', false],
  ])('%s: %s', (address, allowed) => {
    expect(mayConnect(address, false)).toBe(allowed);
  });

  it('lets loopback through on demand, and nothing else', () => {
    expect(
      ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '::ffff:10.0.0.1'].map((address) =>
        mayConnect(address, true),
      ),
    ).toEqual([true, true, true, false, false]);
  });
});

describe('resolution for a connection', () => {
  const lookup = (addresses: readonly LookupAddress[], all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      const guard = createEndpointGuard({
        allowLoopback: false,
        resolve: (_hostname, callback) => callback(null, addresses),
      });
      guard.lookup('push.example', { all }, (error, address) => (error ? reject(error) : resolve(address)));
    });
  const outside = { address: '93.184.216.34', family: 4 };
  const inside = { address: '10.0.0.1', family: 4 };

  it('connects to the very addresses that were judged', async () => {
    expect(await lookup([inside, outside], true)).toEqual([outside]);
    expect(await lookup([inside, outside], false)).toBe(outside.address);
  });

  it('refuses a name that leads inside only', async () => {
    await expect(lookup([inside], true)).rejects.toThrow('no address that may be used');
    await expect(lookup([], true)).rejects.toThrow('no address that may be used');
  });
});

describe('a push resource whose name leads inside', () => {
  /** Counts connections to this machine while the server tries to deliver to a name that resolves to it. */
  async function attempts(addresses: readonly string[], allowLoopback: boolean): Promise<number> {
    let connections = 0;
    const inner = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    inner.listen(0, '127.0.0.1');
    await once(inner, 'listening');
    const address = inner.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const dav = new DavSide({
      allowLoopback,
      limits: { backoff: { firstMs: 5, maxMs: 5 } },
      resolve: (_hostname, callback) =>
        callback(
          null,
          addresses.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
        ),
    });
    const answer = dav.subscribe('ann', {
      endpoint: `https://push.example:${port}/x`,
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    });
    // The registration is answered without a look at the name, so it tells nothing of the inner network.
    expect(answer.status).toBe(201);
    dav.change();
    await until(() => dav.engine.totals().retried >= 2, 'two attempts');
    await dav.close();
    inner.close();
    return connections;
  }

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback in an IPv6 address', ['::ffff:127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['any address', ['0.0.0.0']],
    ['a private network', ['192.168.1.10', '10.0.0.1']],
  ])('is not connected to: %s', async (_name, addresses) => {
    expect(await attempts(addresses, false)).toBe(0);
  });

  it('is connected to where loopback is allowed', async () => {
    expect(await attempts(['127.0.0.1'], true)).toBeGreaterThanOrEqual(2);
  });
});
