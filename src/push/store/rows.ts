import type { SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { importances } from '../../../sim/index.ts';
import type { Depth, LoggedChange, Registration, Subscription } from './records.ts';

export type Row = Record<string, SQLOutputValue>;

const depth = z.enum(['0', '1', 'infinity']).nullable();
const names = z.array(z.object({ ns: z.string(), name: z.string() }));
const ids = z.array(z.number());

const subscriptionRow = z.object({
  subscription: z.number(),
  user: z.string(),
  transport: z.string(),
  address: z.string(),
  details: z.string(),
});

const registrationRow = z.object({
  id: z.number(),
  resource: z.number(),
  content_depth: depth,
  property_depth: depth,
  property_filter: z.string(),
  expires_at: z.number(),
  sent_seq: z.number(),
  last_sent_at: z.number().nullable(),
  memory: z.number(),
});

const changeRow = z.object({
  seq: z.number(),
  resource: z.number(),
  kind: z.enum(['content', 'property']),
  removed: z.number(),
  importance: z.enum(importances),
  at: z.number(),
  above: z.string(),
  properties: z.string(),
  suppressed: z.string(),
});

const orUndefined = (value: Depth | null): Depth | undefined => value ?? undefined;

export function toSubscription(row: Row): Subscription {
  const { subscription: id, ...rest } = subscriptionRow.parse(row);
  return { id, ...rest };
}

export function toRegistration(row: Row, subscription: Subscription): Registration {
  const parsed = registrationRow.parse(row);
  return {
    id: parsed.id,
    subscription,
    resource: parsed.resource,
    content: orUndefined(parsed.content_depth),
    property: orUndefined(parsed.property_depth),
    propertyFilter: parsed.property_filter === '[]' ? [] : names.parse(JSON.parse(parsed.property_filter)),
    expiresAt: parsed.expires_at,
    sentSeq: parsed.sent_seq,
    lastSentAt: parsed.last_sent_at ?? -Infinity,
    memory: parsed.memory,
  };
}

export function toChange(row: Row): LoggedChange {
  const parsed = changeRow.parse(row);
  return {
    ...parsed,
    removed: parsed.removed === 1,
    above: ids.parse(JSON.parse(parsed.above)),
    properties: names.parse(JSON.parse(parsed.properties)),
    suppressed: ids.parse(JSON.parse(parsed.suppressed)),
  };
}
