import { child, children, escapeXml, ns, type XmlElement } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { pathIn } from '../http/request-target.ts';
import { element } from '../properties/element-name.ts';
import { userOf } from '../scheduling/address.ts';
import type { Grant } from './grants.ts';
import { contained, type Privilege } from './privileges.ts';

const mostElements = 100;

const refuse = (name: string, message: string, inner = ''): Refusal =>
  new Refusal(403, message, { ns: ns.dav, name, inner });

/**
 * Reads the access control elements that the owner of a collection sets (RFC 3744 section 8.1).
 * @throws Refusal 400, 403 with the precondition of section 8.1.1 that fails
 */
export function readGrants(
  context: Pick<DavContext, 'store'>,
  root: XmlElement,
  owner: string,
): readonly Grant[] {
  const elements = children(root, ns.dav, 'ace');
  if (elements.length > mostElements)
    throw refuse('limited-number-of-aces', `more than ${mostElements} elements`);
  return elements.flatMap((ace) => readGrant(context, ace, owner));
}

function readGrant(context: Pick<DavContext, 'store'>, ace: XmlElement, owner: string): Grant[] {
  if (child(ace, ns.dav, 'invert') !== undefined) throw refuse('no-invert', 'principals cannot be inverted');
  if (child(ace, ns.dav, 'protected') !== undefined || child(ace, ns.dav, 'inherited') !== undefined)
    throw refuse('no-ace-conflict', 'elements of the server are not set');
  const principal = child(ace, ns.dav, 'principal');
  const [grant, deny] = [child(ace, ns.dav, 'grant'), child(ace, ns.dav, 'deny')];
  const spoken = grant ?? deny;
  if (principal === undefined || spoken === undefined || (grant !== undefined && deny !== undefined))
    throw new Refusal(400, 'an ace has a principal and either grants or denies');
  const to = readPrincipal(context, principal, owner);
  const wanted = children(spoken, ns.dav, 'privilege').flatMap((privilege) => privilege.children);
  if (wanted.length === 0) throw new Refusal(400, 'an ace names privileges');
  const kind = grant === undefined ? 'deny' : 'grant';
  if (typeof to !== 'string' && to.user === owner) {
    if (kind === 'deny') throw refuse('no-protected-ace-conflict', 'the owner may do everything');
    return [];
  }
  return [
    {
      to,
      kind,
      named: wanted.map(({ ns: uri, name }) => element(uri, name)),
      privileges: [...new Set(wanted.flatMap(readPrivilege))],
    },
  ];
}

function readPrivilege({ ns: uri, name }: XmlElement): readonly Privilege[] {
  const privileges = contained(uri, name);
  if (privileges === undefined) throw refuse('not-supported-privilege', `there is no privilege ${name}`);
  return privileges;
}

function readPrincipal(
  context: Pick<DavContext, 'store'>,
  principal: XmlElement,
  owner: string,
): Grant['to'] {
  const href = child(principal, ns.dav, 'href')?.text.trim();
  if (href !== undefined) {
    const user = pathIn(href).startsWith('/principals/') ? userOf(context, pathIn(href)) : undefined;
    if (user === undefined)
      throw refuse('recognized-principal', 'no such principal here', `<D:href>${escapeXml(href)}</D:href>`);
    return { user };
  }
  if (child(principal, ns.dav, 'authenticated') !== undefined) return 'authenticated';
  if (child(principal, ns.dav, 'all') !== undefined) return 'all';
  const property = child(principal, ns.dav, 'property');
  if (property !== undefined && child(property, ns.dav, 'owner') !== undefined) return { user: owner };
  throw refuse('allowed-principal', 'principals are users, or all who have logged in');
}
