import { describe, expect, it } from 'vitest';
import {
  chooseTransport,
  type ClientEnvironment,
  type OfferedTransports,
} from '../../../src/client/index.ts';

const everything: OfferedTransports = {
  collection: '/c/',
  topic: 't',
  webPush: { vapidKey: 'k' },
  stream: { path: '/push/stream' },
  apple: { pushKey: '/k/', subscriptionPath: '/push/apple', refreshMs: 1, bundleId: 'b' },
};
const nothing: ClientEnvironment = {
  hasPushService: false,
  isAppleDevice: false,
  mayHoldConnection: false,
  onBattery: false,
};

describe('the choice of a transport', () => {
  it.each([
    ['apple', { isAppleDevice: true, hasPushService: true }],
    ['web-push', { hasPushService: true, mayHoldConnection: true }],
    ['stream', { mayHoldConnection: true }],
    ['poll', { mayHoldConnection: true, onBattery: true }],
    ['poll', {}],
  ] as const)('is %s for %o', (transport, environment) => {
    expect(chooseTransport({ ...nothing, ...environment }, everything).transport).toBe(transport);
  });

  it('says of each better one why not', () => {
    const choice = chooseTransport({ ...nothing, mayHoldConnection: true }, everything);
    expect(choice.rejected).toEqual([
      { transport: 'apple', why: 'this is no Apple device' },
      { transport: 'web-push', why: 'this device has no push service' },
    ]);
    expect(choice.why).toContain('connection');
  });

  it('takes nothing that is not offered, and passes over what fails', () => {
    const all = { isAppleDevice: true, hasPushService: true, mayHoldConnection: true, onBattery: false };
    const choice = chooseTransport(
      all,
      { ...everything, apple: undefined },
      new Map([['web-push', 'it is down']]),
    );
    expect(choice.transport).toBe('stream');
    expect(choice.rejected.map(({ why }) => why)).toEqual([
      'the server does not offer it',
      'it failed: it is down',
    ]);
  });
});
