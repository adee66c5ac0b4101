import type { XmlElement } from '../../xml/index.ts';
import { child, ns } from '../../xml/index.ts';

/** A collection that the run made. */
export interface Calendar {
  /** With a slash at the end. */
  readonly path: string;
  readonly kind: 'calendar' | 'addressbook';
}

/** The push properties of a resource, as found. */
export interface PushProperties {
  readonly transports: XmlElement | undefined;
  readonly topic: string | undefined;
  readonly triggers: XmlElement | undefined;
  readonly syncToken: string | undefined;
}

/** The VAPID key inside `transports`, when the server has one. */
export const vapidKeyIn = (transports: XmlElement | undefined): XmlElement | undefined => {
  const webPush = transports && child(transports, ns.push, 'web-push');
  return webPush && child(webPush, ns.push, 'vapid-public-key');
};

/** The depth that `supported-triggers` names for a trigger; undefined when it lacks the trigger. */
export function triggerDepth(
  triggers: XmlElement | undefined,
  name: 'content-update' | 'property-update',
): string | undefined {
  const trigger = triggers && child(triggers, ns.push, name);
  return trigger && child(trigger, ns.dav, 'depth')?.text.trim();
}
