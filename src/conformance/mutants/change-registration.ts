import { child, ns, type XmlElement } from '../../xml/index.ts';
import type { PushAnswer, PushEngine } from '../../push/index.ts';

type Register = PushEngine['register'];

/** The engine with another way of answering registrations; `usual` is its own. */
export const withRegister =
  (register: (usual: Register) => Register) =>
  (engine: PushEngine): PushEngine => ({
    ...engine,
    register: register((...parts) => engine.register(...parts)),
  });

/** The engine with its answers to registrations changed. */
export const withAnswer = (change: (answer: PushAnswer, request: XmlElement) => PushAnswer) =>
  withRegister((usual) => (user, collection, request, origin) => {
    const answer = usual(user, collection, request, origin);
    return change(answer, request);
  });

export const succeeded = ({ status }: PushAnswer): boolean => status < 300;

export function withHeader(
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

export const withExpiry = (request: XmlElement, change: (at: number) => number): XmlElement => ({
  ...request,
  children: request.children.map((element) =>
    element.name === 'expires'
      ? { ...element, text: new Date(change(Date.parse(element.text))).toUTCString() }
      : element,
  ),
});

export const subscriptionText = (request: XmlElement, name: string): string => {
  const holder = child(request, ns.push, 'subscription');
  const subscription = holder && child(holder, ns.push, 'web-push-subscription');
  return (subscription && child(subscription, ns.push, name)?.text.trim()) ?? '';
};

export const pretended = (): PushAnswer => ({
  status: 201,
  headers: {
    Location: `http://127.0.0.1/push/registrations/${crypto.randomUUID()}`,
    Expires: new Date(Date.now() + dayMs).toUTCString(),
  },
  body: '',
});

/** Accepts what is wrong in this way, or seems to. */
export const accepting = (wrong: (request: XmlElement) => boolean) =>
  withAnswer((answer, request) => (!succeeded(answer) && wrong(request) ? pretended() : answer));

export const dayMs = 86_400_000;
