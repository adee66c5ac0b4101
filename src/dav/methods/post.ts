import { randomUUID } from 'node:crypto';
import { ns } from '../../xml/index.ts';
import { xmlType, type Answer } from '../http/answer.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { isElement, parseBody } from '../http/parse-body.ts';
import { Refusal } from '../http/refusal.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { watchedOf } from '../properties/push.ts';
import { encodeSegment } from '../http/request-target.ts';
import { postToOutbox } from '../scheduling/outbox.ts';
import { shareResource } from '../sharing/share-request.ts';
import { locate, required, type Located } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import type { Handler } from './handler.ts';
import { requireMemberAccess, save, written } from './put.ts';
import { checkObject } from './write-object.ts';

const extensions: Readonly<Record<string, string>> = { calendar: '.ics', addressbook: '.vcf' };

export const post: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const resource = required(located, 'read');
  if (exchange.query.has('add-member')) return addMember(context, exchange, located, resource);
  if (isMessage(exchange, resource)) return postToOutbox(context, exchange, resource);
  if (/\bxml\b/i.test(exchange.headers['content-type'] ?? '')) {
    const root = parseBody(exchange.body);
    if (isElement(root, ns.push, 'push-register')) {
      const watched = watchedOf(resource);
      if (context.push === undefined || watched === undefined) {
        throw new Refusal(403, 'this cannot be watched', { ns: ns.push, name: 'push-not-available' });
      }
      const { status, headers, body } = context.push.register(exchange.user, watched, root, exchange.origin);
      return { status, headers: body === '' ? headers : { 'content-type': xmlType, ...headers }, body };
    }
    if (isElement(root, ns.dav, 'share-resource')) return shareResource(context, exchange, resource, root);
    throw new Refusal(400, `POST of ${root.name} means nothing here`);
  }
  throw new Refusal(415, 'POST takes push-register, or a new member at the add-member URL');
};

/** Whether a POST is meant as a scheduling message: by its type, or by what it is where such messages go. */
function isMessage({ headers, body }: Exchange, { content }: Resource): boolean {
  if (/^text\/calendar\b/i.test(headers['content-type'] ?? '')) return true;
  const isBox = content.kind === 'outbox' || content.kind === 'inbox';
  return isBox && /^\s*BEGIN:VCALENDAR/i.test(body.toString('latin1', 0, 64));
}

/** RFC 5995: the server chooses the name. */
function addMember(context: DavContext, exchange: Exchange, located: Located, parent: Resource): Answer {
  requireMemberAccess(parent, 'bind');
  if (!['calendar', 'addressbook', 'folder'].includes(parent.content.kind)) {
    throw new Refusal(403, 'members cannot be added here');
  }
  requireUnlocked(context, exchange.user, parent, evaluateIf(context, exchange, located));
  const name = `${randomUUID()}${extensions[parent.content.kind] ?? ''}`;
  const target = { node: parent.content, path: parent.path, name };
  const object = checkObject(context, target, exchange.body, exchange.headers['content-type']);
  const saved = save(context, exchange, parent, name, object);
  const answer = written(context, exchange, parent, { name, saved, status: 201 });
  return {
    ...answer,
    headers: { ...answer.headers, location: exchange.origin + parent.path + encodeSegment(name) },
  };
}
