import { child, ns, type XmlElement } from '../../xml/index.ts';
import type { PushAnswer, PushEngine } from '../../push/index.ts';
import type { Defect } from './defect.ts';

type Register = PushEngine['register'];

/** The engine with another way of answering registrations; `usual` is its own. */
const withRegister =
  (register: (usual: Register) => Register) =>
  (engine: PushEngine): PushEngine => ({
    ...engine,
    register: register((...parts) => engine.register(...parts)),
  });

/** The engine with its answers to registrations changed. */
const withAnswer = (change: (answer: PushAnswer, request: XmlElement) => PushAnswer) =>
  withRegister((usual) => (user, collection, request, origin) => {
    const answer = usual(user, collection, request, origin);
    return change(answer, request);
  });

const succeeded = ({ status }: PushAnswer): boolean => status < 300;

function withHeader(
  answer: PushAnswer,
  name: string,
  change: (value: string) => string | undefined,
): PushAnswer {
  const value = answer.headers[name];
  if (value === undefined) return answer;
  const { [name]: _, ...others } = answer.headers;
  const changed = change(value);
  return { ...answer, headers: changed === undefined ? others : { ...others, [name]: changed } };
}

const withExpiry = (request: XmlElement, change: (at: number) => number): XmlElement => ({
  ...request,
  children: request.children.map((element) =>
    element.name === 'expires'
      ? { ...element, text: new Date(change(Date.parse(element.text))).toUTCString() }
      : element,
  ),
});

const subscriptionText = (request: XmlElement, name: string): string => {
  const holder = child(request, ns.push, 'subscription');
  const subscription = holder && child(holder, ns.push, 'web-push-subscription');
  return (subscription && child(subscription, ns.push, name)?.text.trim()) ?? '';
};

const pretended = (): PushAnswer => ({
  status: 201,
  headers: {
    Location: `http://127.0.0.1/push/registrations/${crypto.randomUUID()}`,
    Expires: new Date(Date.now() + dayMs).toUTCString(),
  },
  body: '',
});

/** Accepts what is wrong in this way, or seems to. */
const accepting = (wrong: (request: XmlElement) => boolean) =>
  withAnswer((answer, request) => (!succeeded(answer) && wrong(request) ? pretended() : answer));

const dayMs = 86_400_000;

/** Registrations are answered wrongly. */
export const registrationDefects: readonly Defect[] = [
  {
    id: 'status-200',
    title: 'answers a registration with 200',
    caughtBy: ['register.status'],
    engine: withAnswer((answer) => (succeeded(answer) ? { ...answer, status: 200 } : answer)),
  },
  {
    id: 'relative-location',
    title: 'gives a relative registration URL',
    caughtBy: ['register.location'],
    also: [
      'dont-notify.put',
      'dont-notify.delete',
      'dont-notify.proppatch',
      'dont-notify.list',
      'dont-notify.lines',
    ],
    engine: withAnswer((answer) => withHeader(answer, 'Location', (url) => new URL(url).pathname)),
  },
  {
    id: 'no-expires',
    title: 'does not say when a registration expires',
    caughtBy: ['register.expires', 'register.no-expiry'],
    engine: withAnswer((answer) => withHeader(answer, 'Expires', () => undefined)),
  },
  {
    id: 'iso-expires',
    title: 'writes Expires as ISO 8601',
    caughtBy: ['register.expires'],
    engine: withAnswer((answer) => withHeader(answer, 'Expires', (date) => new Date(date).toISOString())),
  },
  {
    id: 'longer-expires',
    title: 'says that a registration lasts a day longer than was asked',
    caughtBy: ['register.expires'],
    engine: withAnswer((answer) =>
      withHeader(answer, 'Expires', (date) => new Date(Date.parse(date) + dayMs).toUTCString()),
    ),
  },
  {
    id: 'two-days-at-most',
    title: 'grants two days where three are asked',
    caughtBy: ['register.three-days'],
    engine: withRegister(
      (usual) => (user, collection, request, origin) =>
        usual(
          user,
          collection,
          withExpiry(request, (at) => Math.min(at, Date.now() + 2 * dayMs)),
          origin,
        ),
    ),
  },
  {
    id: 'no-default-expiry',
    title: 'gives no expiry to who asks for none',
    caughtBy: ['register.no-expiry'],
    engine: withAnswer((answer, request) =>
      withHeader(answer, 'Expires', (date) =>
        child(request, ns.push, 'expires') === undefined ? undefined : date,
      ),
    ),
  },
  {
    id: 'expiry-fixed',
    title: 'keeps the first expiry when a registration is renewed',
    caughtBy: ['register.renew'],
    engine(engine) {
      const first = new Map<string, string>();
      return {
        ...engine,
        register(user, collection, request, origin) {
          const answer = engine.register(user, collection, request, origin);
          return withHeader(answer, 'Expires', (date) => {
            const place = answer.headers['Location'] ?? '';
            first.set(place, first.get(place) ?? date);
            return first.get(place);
          });
        },
      };
    },
  },
  {
    id: 'second-registration',
    title: 'makes a second registration of a push resource that is posted again',
    caughtBy: ['register.update'],
    also: ['register.new-keys', 'register.renew', 'register.two-collections', 'delivery.topic-apart'],
    engine(engine) {
      let count = 0;
      return {
        ...engine,
        register(user, collection, request, origin) {
          count += 1;
          const rename = (element: XmlElement): XmlElement =>
            element.name === 'push-resource' && URL.canParse(element.text.trim())
              ? { ...element, text: `${element.text.trim()}?${count}` }
              : { ...element, children: element.children.map(rename) };
          return engine.register(user, collection, rename(request), origin);
        },
      };
    },
  },
  {
    id: 'old-keys',
    title: 'keeps the first encryption keys of a subscription',
    caughtBy: ['register.new-keys'],
    engine(engine) {
      const first = new Map<string, XmlElement>();
      return {
        ...engine,
        register(user, collection, request, origin) {
          const subscription = child(request, ns.push, 'subscription');
          const url = subscriptionText(request, 'push-resource');
          const known = first.get(url) ?? subscription;
          const children = request.children.map((element) =>
            element === subscription ? (known ?? element) : element,
          );
          const answer = engine.register(user, collection, { ...request, children }, origin);
          if (succeeded(answer) && known !== undefined) first.set(url, known);
          return answer;
        },
      };
    },
  },
  {
    id: 'refuses-unknown',
    title: 'refuses elements that it does not know',
    caughtBy: ['register.unknown-element'],
    engine: withRegister(
      (usual) => (user, collection, request, origin) =>
        request.children.some((element) => element.ns !== ns.push)
          ? { status: 400, headers: {}, body: '' }
          : usual(user, collection, request, origin),
    ),
  },
  {
    id: 'refuses-infinity',
    title: 'refuses a depth above the supported one',
    caughtBy: ['register.depth-lowered'],
    engine: withRegister((usual) => (user, collection, request, origin) => {
      const trigger = child(request, ns.push, 'trigger');
      const deep = trigger?.children.some((one) => child(one, ns.dav, 'depth')?.text === 'infinity');
      return deep === true
        ? { status: 403, headers: {}, body: '' }
        : usual(user, collection, request, origin);
    }),
  },
  {
    id: 'guessable-urls',
    title: 'numbers its registrations',
    caughtBy: ['register.unguessable'],
    engine(engine) {
      const real = new Map<string, string>();
      const numbers = new Map<string, string>();
      return {
        ...engine,
        register(user, collection, request, origin) {
          const answer = engine.register(user, collection, request, origin);
          return withHeader(answer, 'Location', (url) => {
            const id = url.slice(url.lastIndexOf('/') + 1);
            const number = numbers.get(id) ?? String(numbers.size + 1);
            numbers.set(id, number);
            real.set(number, id);
            return url.replace(id, number);
          });
        },
        unregister: (user, id) => engine.unregister(user, real.get(id) ?? id),
        record: (change) =>
          engine.record({
            ...change,
            dontNotify: change.dontNotify.map((line) =>
              line.replaceAll(/\/(\d+)"/g, (whole, number: string) => `/${real.get(number) ?? whole}"`),
            ),
          }),
      };
    },
  },
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
    id: 'home-not-told',
    title: 'forgets the home above a new calendar',
    caughtBy: ['register.home'],
    engine: (engine) => ({
      ...engine,
      record: (change) => {
        if (change.above === undefined || change.above.length > 0) engine.record({ ...change, above: [] });
      },
    }),
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
