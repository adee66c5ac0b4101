import { child, ns, parseXml } from '../xml/index.ts';

/** What a WebDAV-Push message says; read tolerantly, since drafts and servers differ. */
export interface PushMessage {
  /** Of the collection that changed; undefined in the message that announces a new VAPID key. */
  readonly topic: string | undefined;
  readonly contentUpdate: boolean;
  readonly propertyUpdate: boolean;
  /** The token after the change, where the server tells it. */
  readonly syncToken: string | undefined;
}

/** @throws XmlError when the text is not XML */
export function parsePushMessage(text: string): PushMessage {
  const root = parseXml(text);
  const content = child(root, ns.push, 'content-update');
  return {
    topic: child(root, ns.push, 'topic')?.text.trim(),
    contentUpdate: content !== undefined,
    propertyUpdate: child(root, ns.push, 'property-update') !== undefined,
    syncToken: content === undefined ? undefined : child(content, ns.dav, 'sync-token')?.text.trim(),
  };
}
