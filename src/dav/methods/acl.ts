import { escapeXml, ns } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { locate, required } from '../tree/locate.ts';
import type { Handler } from './handler.ts';

/** Access follows from ownership and shares: nobody has the privilege to write an access control list. */
export const acl: Handler = (context, exchange) => {
  const { path } = required(locate(context.store, exchange.user, exchange.segments), 'read');
  throw new Refusal(403, 'access is given by sharing', {
    ns: ns.dav,
    name: 'need-privileges',
    inner: `<D:resource><D:href>${escapeXml(path)}</D:href><D:privilege><D:write-acl/></D:privilege></D:resource>`,
  });
};
