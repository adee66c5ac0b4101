import { child, ns, type XmlElement } from '../../xml/index.ts';
import {
  dayMs,
  subscriptionText,
  succeeded,
  withAnswer,
  withExpiry,
  withHeader,
  withRegister,
} from './change-registration.ts';
import type { Defect } from './defect.ts';

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
];
