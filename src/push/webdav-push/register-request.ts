import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import type { PropertyName } from '../push-engine.ts';
import type { Depth, Triggers } from '../store/records.ts';

/** Gaps of the draft that deployed clients fall into; each is forgiven unless it is switched to strict. */
export interface Strictness {
  /** Refuse a registration without `trigger`; DAVx5 up to 4.5.19 sends none. Forgiven: content updates, depth 1. */
  readonly trigger: boolean;
  /** Refuse a subscription without `content-encoding`; same clients. Forgiven: `aes128gcm`. */
  readonly contentEncoding: boolean;
  /** Refuse triggers without `D:depth`. Forgiven: depth 1 for content, 0 for properties. */
  readonly depth: boolean;
}

export const lenient: Strictness = { trigger: false, contentEncoding: false, depth: false };
export const strict: Strictness = { trigger: true, contentEncoding: true, depth: true };

/** The transport-independent part of a `push-register` request. */
export interface RegisterRequest {
  /** The single child of `subscription`: names the transport and carries its data. */
  readonly subscription: XmlElement | undefined;
  readonly triggers: Triggers;
  /** Epoch ms. */
  readonly expiresAt: number | undefined;
}

const depths: readonly Depth[] = ['0', '1', 'infinity'];

function depthOf(trigger: XmlElement | undefined, absent: Depth, strictness: Strictness): Depth | undefined {
  if (trigger === undefined) return undefined;
  const text = child(trigger, ns.dav, 'depth')?.text.trim();
  if (text === undefined || text === '') return strictness.depth ? undefined : absent;
  return depths.find((depth) => depth === text);
}

function filterOf(trigger: XmlElement | undefined): PropertyName[] {
  const prop = trigger && child(trigger, ns.dav, 'prop');
  return prop === undefined ? [] : prop.children.map(({ ns, name }) => ({ ns, name }));
}

function triggersOf(request: XmlElement, strictness: Strictness): Triggers {
  const trigger = child(request, ns.push, 'trigger');
  if (trigger === undefined) {
    return { content: strictness.trigger ? undefined : '1', property: undefined, propertyFilter: [] };
  }
  const property = child(trigger, ns.push, 'property-update');
  return {
    content: depthOf(child(trigger, ns.push, 'content-update'), '1', strictness),
    property: depthOf(property, '0', strictness),
    propertyFilter: filterOf(property),
  };
}

/** Reads a `push-register` element (WebDAV-Push draft, registration). */
export function readRegisterRequest(request: XmlElement, strictness: Strictness): RegisterRequest {
  const subscriptions = children(request, ns.push, 'subscription');
  const only = subscriptions.length === 1 ? subscriptions[0] : undefined;
  const expires = Date.parse(child(request, ns.push, 'expires')?.text.trim() ?? '');
  return {
    subscription: only?.children.length === 1 ? only.children[0] : undefined,
    triggers: triggersOf(request, strictness),
    expiresAt: Number.isNaN(expires) ? undefined : expires,
  };
}
