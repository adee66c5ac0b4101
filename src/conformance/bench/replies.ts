import { child, children, ns, parseXml, type XmlElement } from '../../xml/index.ts';
import { fail, Setback } from '../check.ts';
import type { Reply } from './asker.ts';

export const header = (reply: Reply, name: string): string | undefined => {
  const value = reply.headers[name];
  return value === undefined ? undefined : [value].flat().join(', ');
};

/** Ends the check unless the answer is a success. */
export function succeeded(reply: Reply, what: string): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw new Setback(fail(`${what} was answered with ${reply.status}`));
}

function parsed(reply: Reply, what: string): XmlElement {
  try {
    return parseXml(reply.text);
  } catch {
    throw new Setback(fail(`the answer to ${what} is not XML`));
  }
}

/** One response of a multistatus. */
export interface MultistatusPart {
  readonly path: string;
  /** Of the whole response; undefined when it has property statuses. */
  readonly status: number | undefined;
  readonly found: readonly XmlElement[];
}

const statusOf = (element: XmlElement | undefined): number | undefined => {
  const code = /^\S+\s+(\d{3})/.exec(element?.text.trim() ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
};

const pathOf = (href: string): string => (href.startsWith('/') ? href : (URL.parse(href)?.pathname ?? href));

/** The parts of a 207 answer, and its sync token. Ends the check when it is none. */
export function multistatus(
  reply: Reply,
  what: string,
): { readonly parts: readonly MultistatusPart[]; readonly syncToken: string | undefined } {
  if (reply.status !== 207)
    throw new Setback(fail(`${what} was answered with ${reply.status} instead of 207`));
  const root = parsed(reply, what);
  const parts = children(root, ns.dav, 'response').map((response) => ({
    path: pathOf(child(response, ns.dav, 'href')?.text.trim() ?? ''),
    status: statusOf(child(response, ns.dav, 'status')),
    found: children(response, ns.dav, 'propstat')
      .filter((propstat) => statusOf(child(propstat, ns.dav, 'status')) === 200)
      .flatMap((propstat) => child(propstat, ns.dav, 'prop')?.children ?? []),
  }));
  return { parts, syncToken: child(root, ns.dav, 'sync-token')?.text.trim() };
}

/** Whether the answer is this status with this precondition inside `DAV:error`. */
export function hasCondition(reply: Reply, status: number, namespace: string, name: string): boolean {
  if (reply.status !== status) return false;
  try {
    const root = parseXml(reply.text);
    return root.ns === ns.dav && root.name === 'error' && child(root, namespace, name) !== undefined;
  } catch {
    return false;
  }
}

/** What an answer was, in a few words. */
export function shown(reply: Reply): string {
  const conditions = /<(?:\w+:)?error\b[^>]*>\s*<(?:\w+:)?([\w-]+)/.exec(reply.text)?.[1];
  return conditions === undefined ? String(reply.status) : `${reply.status} with ${conditions}`;
}
