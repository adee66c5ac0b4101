import { generateKeyPairSync } from 'node:crypto';
import { startApnsGateway, type AppleSettings } from '../../push/index.ts';

/** Apple's push with a gateway of its own, so that there is something to check. */
export async function startBundledApple(): Promise<{ settings: AppleSettings; close(): Promise<void> }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const identity = { bundleId: 'com.example.calendar', teamId: 'TEAM', keyId: 'KEY' };
  const gateway = await startApnsGateway({ host: '127.0.0.1', port: 0, publicKey, ...identity });
  const settings = { ...identity, privateKey, gateway: gateway.url, environment: 'SANDBOX' } as const;
  return { settings, close: () => gateway.close() };
}
