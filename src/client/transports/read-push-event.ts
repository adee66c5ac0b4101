import { child, ns, parseXml } from '../../xml/index.ts';
import { parsePushMessage } from '../push-message.ts';
import type { PushEvent } from './client-transport.ts';

/**
 * What a WebDAV-Push message tells. One without a topic that names `transports` among the properties changed
 * announces a new key (WebDAV-Push draft, VAPID); undefined for what says nothing or cannot be read.
 */
export function readPushEvent(text: string): PushEvent | undefined {
  try {
    const message = parsePushMessage(text);
    if (message.topic !== undefined) return { kind: 'change', about: message.topic, message };
    return announcesKeys(text) ? { kind: 'key-rotation' } : undefined;
  } catch {
    // Whoever knows the push resource can send anything.
    return undefined;
  }
}

function announcesKeys(text: string): boolean {
  const update = child(parseXml(text), ns.push, 'property-update');
  const prop = update && child(update, ns.dav, 'prop');
  return prop !== undefined && child(prop, ns.push, 'transports') !== undefined;
}
