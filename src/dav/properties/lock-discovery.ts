import { escapeXml } from '../../xml/index.ts';
import type { Lock } from '../locks/lock-table.ts';
import { locksOver } from '../locks/locks-over.ts';
import type { Resource } from '../tree/resource.ts';
import type { View } from './property.ts';

/** `D:activelock` of RFC 4918 section 14.1. */
export const activeLock = (lock: Lock): string =>
  `<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:${lock.scope}/></D:lockscope>` +
  `<D:depth>${lock.depth}</D:depth>${lock.owner}<D:timeout>Second-${lock.timeoutSeconds}</D:timeout>` +
  `<D:locktoken><D:href>${lock.token}</D:href></D:locktoken>` +
  `<D:lockroot><D:href>${escapeXml(lock.root)}</D:href></D:lockroot></D:activelock>`;

export const lockDiscovery = (resource: Resource, { context }: View): string =>
  context.locks.empty ? '' : locksOver(context, resource).map(activeLock).join('');
