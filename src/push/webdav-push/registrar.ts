import { randomBytes } from 'node:crypto';
import type { XmlElement } from '../../xml/index.ts';
import type { PushAnswer, WatchedCollection } from '../push-engine.ts';
import type { RegistrationCache } from '../store/registration-cache.ts';
import type { Triggers } from '../store/records.ts';
import type { NewRegistration, SubscriptionStore } from '../store/subscriptions.ts';
import type { PushTransport, SubscriptionData } from '../transports/transport.ts';
import { refusal, registered } from './answers.ts';
import { readRegisterRequest, type Strictness } from './register-request.ts';
import { downgrade } from './supported-triggers.ts';

export interface RegistrarParts {
  readonly store: SubscriptionStore;
  readonly cache: RegistrationCache;
  readonly transports: readonly PushTransport[];
  readonly mayRead: (user: string, resource: number) => boolean;
  readonly strictness: Strictness;
  readonly newestSeq: () => number;
  readonly lifetime: { readonly defaultMs: number; readonly maxMs: number };
  /** The path under which registrations live, with trailing slash. */
  readonly path: string;
  readonly now: () => number;
}

export interface Registrar {
  register(user: string, resource: WatchedCollection, request: XmlElement, origin: string): PushAnswer;
  /** Registers a subscription for all changes of a resource and below; false when the user may not read it. */
  watch(
    user: string,
    transport: string,
    data: SubscriptionData,
    resource: number,
    expiresAt: number,
  ): boolean;
  /** Whether there was such a registration of this user; `token` is the last part of its URL. */
  unregister(user: string, token: string): boolean;
}

/** Answers `push-register` requests and the removal of registrations (WebDAV-Push draft, registration). */
export function createRegistrar(parts: RegistrarParts): Registrar {
  const { store, cache, transports, strictness, lifetime, now } = parts;

  const readSubscription = (
    element: XmlElement | undefined,
  ): { transport: string; data: SubscriptionData } | undefined => {
    for (const transport of element === undefined ? [] : transports) {
      const data = element && transport.subscribe(element);
      if (data === 'invalid') return undefined;
      if (data !== undefined) return { transport: transport.name, data };
    }
    return undefined;
  };

  const expiryOf = (wanted: number | undefined): number => {
    const at = now();
    // Dates of HTTP have whole seconds.
    const lifetimeMs = wanted === undefined || wanted <= at ? lifetime.defaultMs : wanted - at;
    return Math.floor((at + Math.min(lifetimeMs, lifetime.maxMs)) / 1000) * 1000;
  };

  const put = (
    user: string,
    { transport, data }: { transport: string; data: SubscriptionData },
    origin: string,
    registration: Omit<NewRegistration, 'token' | 'location' | 'sentSeq'>,
  ) => {
    const token = randomBytes(18).toString('base64url');
    const stored = store.putRegistration(store.putSubscription(user, transport, data), {
      ...registration,
      token,
      location: `${origin}${parts.path}${token}`,
      sentSeq: parts.newestSeq(),
    });
    cache.clear();
    return stored;
  };

  return {
    watch(user, transport, data, resource, expiresAt) {
      if (!parts.mayRead(user, resource)) return false;
      const everything: Triggers = { content: 'infinity', property: 'infinity', propertyFilter: [] };
      put(user, { transport, data }, '', { ...everything, resource, expiresAt });
      return true;
    },
    register(user, resource, request, origin) {
      if (!parts.mayRead(user, resource.id)) return refusal('push-not-available');
      const wanted = readRegisterRequest(request, strictness);
      const subscription = readSubscription(wanted.subscription);
      if (subscription === undefined) return refusal('invalid-subscription');
      const triggers = downgrade(wanted.triggers, resource.kind ?? 'calendar');
      if (triggers.content === undefined && triggers.property === undefined) {
        return refusal('no-supported-trigger');
      }
      const expiresAt = expiryOf(wanted.expiresAt);
      const { location, created } = put(user, subscription, origin, {
        ...triggers,
        resource: resource.id,
        expiresAt,
      });
      return registered(location, expiresAt, created);
    },
    unregister(user, token) {
      const removed = store.removeByToken(user, token, now());
      cache.clear();
      return removed;
    },
  };
}
