import { child, ns } from '../../xml/index.ts';
import { accepting, pretended, subscriptionText, withAnswer } from './change-registration.ts';
import type { Defect } from './defect.ts';

/** What should be refused is accepted, or refused in the wrong way. */
export const refusalDefects: readonly Defect[] = [
  {
    id: 'schema-name',
    title: 'names the precondition no-trigger-supported, as the schema of the draft does',
    caughtBy: ['refuse.unknown-trigger'],
    also: ['refuse.no-trigger'],
    engine: withAnswer((answer) => ({
      ...answer,
      body: answer.body.replaceAll('no-supported-trigger', 'no-trigger-supported'),
    })),
  },
  {
    id: 'nameless-refusals',
    title: 'refuses subscriptions without saying why',
    caughtBy: [
      'refuse.no-subscription',
      'refuse.bad-url',
      'refuse.bad-point',
      'refuse.bad-secret',
      'refuse.bad-encoding',
    ],
    also: ['refuse.no-encoding'],
    engine: withAnswer((answer) =>
      answer.body.includes('invalid-subscription') ? { ...answer, headers: {}, body: '' } : answer,
    ),
  },
  {
    id: 'no-subscription-needed',
    title: 'accepts a registration without subscription',
    caughtBy: ['refuse.no-subscription'],
    engine: accepting((request) => child(request, ns.push, 'subscription') === undefined),
  },
  {
    id: 'any-secret',
    title: 'accepts an auth secret of any length',
    caughtBy: ['refuse.bad-secret'],
    engine: accepting(
      (request) => Buffer.from(subscriptionText(request, 'auth-secret'), 'base64url').length === 8,
    ),
  },
  {
    id: 'any-point',
    title: 'accepts a public key that is not on the curve',
    caughtBy: ['refuse.bad-point'],
    engine: accepting((request) =>
      subscriptionText(request, 'subscription-public-key').startsWith('BAEBAQEB'),
    ),
  },
  {
    id: 'any-encoding',
    title: 'accepts the old content encoding aesgcm',
    caughtBy: ['refuse.bad-encoding'],
    engine: accepting((request) => subscriptionText(request, 'content-encoding') === 'aesgcm'),
  },
  {
    id: 'any-trigger',
    title: 'accepts triggers that it does not know',
    caughtBy: ['refuse.unknown-trigger'],
    engine: accepting((request) => {
      const trigger = child(request, ns.push, 'trigger');
      return trigger?.children.every((one) => one.ns !== ns.push) === true;
    }),
  },
  {
    id: 'any-address',
    title: 'takes push resources at every address',
    caughtBy: [
      'address.private',
      'address.link-local',
      'address.private-v6',
      'address.mapped',
      'address.odd-spelling',
      'address.scheme',
    ],
    engine: accepting((request) => {
      const url = subscriptionText(request, 'push-resource');
      return URL.canParse(url) && !url.startsWith('http:');
    }),
  },
  {
    id: 'mapped-address',
    title: 'does not see the IPv4 address inside an IPv6 one',
    caughtBy: ['address.mapped'],
    engine: accepting((request) => /\[(::ffff|64:ff9b)/.test(subscriptionText(request, 'push-resource'))),
  },
  {
    id: 'answers-500',
    title: 'answers malformed XML as a fault of its own',
    caughtBy: ['refuse.malformed'],
    front: {
      request: ({ method, body }) =>
        method === 'POST' && body === '<P:push-register' ? { status: 500, headers: {}, body: '' } : undefined,
    },
  },
  {
    id: 'empty-500',
    title: 'answers an empty body as a fault of its own',
    caughtBy: ['refuse.empty'],
    front: {
      request: ({ method, body }) =>
        method === 'POST' && body === '' ? { status: 500, headers: {}, body: '' } : undefined,
    },
  },
  {
    id: 'anonymous-registration',
    title: 'registers without credentials',
    caughtBy: ['refuse.anonymous'],
    front: {
      request: ({ method, body, headers }) =>
        method === 'POST' && body.includes('push-register') && !headers.includes('authorization')
          ? { ...pretended(), headers: {} }
          : undefined,
    },
  },
];
