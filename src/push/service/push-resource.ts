import type { IncomingMessage } from 'node:http';
import type { Urgency } from '../../../sim/index.ts';

/** The headers of a push message (RFC 8030 section 5). */
export interface PushHeaders {
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string | undefined;
}

/** Bodies above this are refused (RFC 8030 section 7.2). */
export const maxBodyBytes = 4096;

const urgencies: readonly Urgency[] = ['very-low', 'low', 'normal', 'high'];
// Larger values are taken as this (RFC 8030 section 5.2 refers to RFC 9111's delta-seconds).
const maxTtlSeconds = 2 ** 31 - 1;

/** Reads them, or says what is wrong. */
export function readPushHeaders(request: IncomingMessage): PushHeaders | { readonly wrong: string } {
  const ttl = request.headers['ttl'];
  const urgency = request.headers['urgency'] ?? 'normal';
  const topic = request.headers['topic'];
  if (typeof ttl !== 'string') return { wrong: 'TTL is missing' };
  if (!/^\d+$/.test(ttl)) return { wrong: 'TTL must be a whole number of seconds' };
  const known = urgencies.find((candidate) => candidate === urgency);
  if (known === undefined) return { wrong: 'Urgency must be one of very-low, low, normal, high' };
  if (topic !== undefined && (typeof topic !== 'string' || !/^[A-Za-z0-9_-]{1,32}$/.test(topic))) {
    return { wrong: 'Topic must be at most 32 characters of the base64url alphabet' };
  }
  return { ttlSeconds: Math.min(Number(ttl), maxTtlSeconds), urgency: known, topic };
}

/** The whole body; undefined when it is longer than `maxBodyBytes`. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks);
}
