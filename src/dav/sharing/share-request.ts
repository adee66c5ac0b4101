import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { noContent, type Answer } from '../http/answer.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { userOf } from '../scheduling/address.ts';
import { requireAccess } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import type { Resource } from '../tree/resource.ts';
import { setShare, shareHome } from './share.ts';

/** Answers `DAV:share-resource`, by which the owner of a collection says who else sees it and how. */
export function shareResource(
  context: DavContext,
  exchange: Exchange,
  resource: Resource,
  root: XmlElement,
): Answer {
  requireAccess(resource, 'all');
  const { node } = resource;
  if (node.target !== null || (node.kind !== 'calendar' && node.kind !== 'addressbook')) {
    throw new Refusal(403, 'only own calendars and address books can be shared');
  }
  const wishes = children(root, ns.dav, 'sharee').map((sharee) => readWish(context, sharee));
  if (wishes.length === 0) throw new Refusal(400, 'a sharee is needed');
  const { store } = context;
  store.transaction(() => {
    for (const { user, access } of wishes) {
      if (!setShare(store, node, user, access, context.now())) {
        throw new Refusal(403, 'this user cannot have the collection', { ns: ns.dav, name: 'valid-sharee' });
      }
      const home = shareHome(store, node.kind, user);
      if (home !== undefined) {
        recordChange(context, exchange, { node: home, kind: 'content', revision: store.log.nextRevision() });
      }
    }
  });
  context.push?.wake();
  return noContent;
}

interface Wish {
  readonly user: string;
  readonly access: 'read' | 'read-write' | undefined;
}

function readWish(context: DavContext, sharee: XmlElement): Wish {
  const href = child(sharee, ns.dav, 'href')?.text.trim() ?? '';
  const user = userOf(context, href);
  if (user === undefined) throw new Refusal(403, 'no such user here', { ns: ns.dav, name: 'valid-sharee' });
  const wanted = child(sharee, ns.dav, 'share-access')?.children[0]?.name;
  if (wanted !== 'read' && wanted !== 'read-write' && wanted !== 'no-access') {
    throw new Refusal(400, 'share-access must be read, read-write or no-access');
  }
  return { user, access: wanted === 'no-access' ? undefined : wanted };
}
