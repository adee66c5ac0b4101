import { monitor, subscribe } from './agent-resources.ts';
import type { Exchange } from './exchange.ts';
import type { Fate } from './faults.ts';
import { handlePush } from './push-request.ts';
import type { ServiceSubscription } from './records.ts';
import type { ServiceParts } from './service-parts.ts';

export interface Router {
  readonly fateOf: (subscription: ServiceSubscription, topic: string | undefined) => Fate;
  /** Answers a control call; undefined when there is no control. */
  readonly control: ((exchange: Exchange, name: 'faults' | 'totals') => Promise<void>) | undefined;
}

const done = (exchange: Exchange, found: boolean): void => exchange.answer(found ? 204 : 404);

function deleteResource(exchange: Exchange, kind: string, token: string, parts: ServiceParts): void {
  const { subscriptions, receipts, now } = parts;
  if (kind === 'message') done(exchange, parts.acknowledge(undefined, token));
  else if (kind === 'receipts') done(exchange, receipts.remove(token));
  else if (kind === 'set') done(exchange, subscriptions.removeAgent(token));
  else if (kind === 'subscription') {
    const found = subscriptions.byToken(token, now());
    if (found !== undefined) subscriptions.remove(found.id);
    done(exchange, found !== undefined);
  } else exchange.answer(405, { Allow: 'POST' });
}

function getResource(exchange: Exchange, kind: string, token: string, parts: ServiceParts): void {
  const { subscriptions, receipts, now } = parts;
  const subscription = kind === 'subscription' ? subscriptions.byToken(token, now()) : undefined;
  if (subscription !== undefined) monitor(exchange, parts, subscription.agent, subscription);
  else if (kind === 'set' && subscriptions.touchAgent(token, now())) {
    monitor(exchange, parts, token, undefined);
  } else if (kind === 'receipts' && receipts.known(token)) {
    if (exchange.stream?.pushAllowed === true) receipts.listen(token, exchange.stream);
    else exchange.answer(426, { Upgrade: 'h2c' }, 'receipts come by HTTP/2 server push');
  } else exchange.answer(404);
}

/** The resources of RFC 8030, and the control calls. */
export async function route(exchange: Exchange, parts: ServiceParts, router: Router): Promise<void> {
  const [, kind = '', token = ''] = (exchange.path.split('?')[0] ?? '').split('/');
  const { method } = exchange;
  if (kind === 'push' && method === 'POST') await handlePush(exchange, token, parts, router.fateOf);
  else if (kind === 'subscribe' && method === 'POST') await subscribe(exchange, parts);
  else if ((kind === 'faults' || kind === 'totals') && router.control !== undefined) {
    await router.control(exchange, kind);
  } else if (method === 'GET') getResource(exchange, kind, token, parts);
  else if (method === 'DELETE') deleteResource(exchange, kind, token, parts);
  else exchange.answer(404);
}
