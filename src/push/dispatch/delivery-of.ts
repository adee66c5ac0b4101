import type { PushPolicy } from '../../../sim/index.ts';
import type { PushHost } from '../push-engine.ts';
import type { Registration } from '../store/records.ts';
import type { Delivery } from '../transports/transport.ts';
import type { OutboxMessage } from './outbox-message.ts';

export interface DeliverySources {
  readonly host: Pick<PushHost, 'syncToken'>;
  readonly policy: PushPolicy;
  readonly topicOf: (resource: number) => string;
}

/** What a transport is handed for a message: with the newest sync token, not that of the changes in it. */
export function deliveryOf(
  message: OutboxMessage,
  { subscription: { user, address, details } }: Registration,
  { host, policy, topicOf }: DeliverySources,
): Delivery {
  const { resource, content, property } = message;
  const { urgency, ttlSeconds, topic } = policy.message(message.importance);
  return {
    user,
    address,
    details,
    resource,
    message: { topic: topicOf(resource), content, property, syncToken: host.syncToken(resource) },
    urgency,
    ttlSeconds,
    // What replaces an undelivered message must tell all that the old one did.
    replaceable: topic && content && !property,
    changedAt: message.lastAt,
    position: message.toSeq,
  };
}
