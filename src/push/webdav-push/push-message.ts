import { escapeXml, ns } from '../../xml/index.ts';

/** What one message tells: which update kinds it unites, and the newest sync token. */
export interface PushMessage {
  readonly topic: string;
  readonly content: boolean;
  readonly property: boolean;
  readonly syncToken: string | undefined;
}

const open = `<?xml version="1.0" encoding="UTF-8"?>\n<push-message xmlns="${ns.push}" xmlns:D="${ns.dav}">`;

/** The message as the WebDAV-Push draft has it: topic, then the update kinds, `content-update` with the sync token. */
export function pushMessageXml(message: PushMessage): string {
  const token =
    message.syncToken === undefined ? '' : `<D:sync-token>${escapeXml(message.syncToken)}</D:sync-token>`;
  const content = message.content ? `<content-update>${token}</content-update>` : '';
  const property = message.property ? '<property-update/>' : '';
  return `${open}<topic>${escapeXml(message.topic)}</topic>${content}${property}</push-message>`;
}

/** Sent before the VAPID key changes: clients then read `transports` again and subscribe anew. */
export function keyRotationXml(): string {
  return `${open}<property-update><D:prop><transports/></D:prop></property-update></push-message>`;
}
