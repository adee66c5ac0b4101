import { ns, type XmlElement } from '../../xml/index.ts';
import type { Asker } from './asker.ts';
import { propfindBody, syncBody } from './bodies.ts';
import type { PushProperties } from './calendar.ts';
import { multistatus, type MultistatusPart } from './replies.ts';

const xml = 'application/xml; charset=utf-8';

/** Properties of a resource (depth 0) or of it and its members; names prefixed as in `bodies.ts`. */
export async function askProperties(
  asker: Asker,
  path: string,
  depth: '0' | '1',
  names: readonly string[],
): Promise<readonly MultistatusPart[]> {
  const reply = await asker.ask({
    method: 'PROPFIND',
    target: path,
    headers: { depth, 'content-type': xml },
    body: propfindBody(...names),
  });
  return multistatus(reply, `PROPFIND of ${path}`).parts;
}

export async function askPushProperties(asker: Asker, path: string): Promise<PushProperties> {
  const names = ['P:transports', 'P:topic', 'P:supported-triggers', 'D:sync-token'];
  const [part] = await askProperties(asker, path, '0', names);
  const named = (namespace: string, name: string): XmlElement | undefined =>
    part?.found.find((property) => property.ns === namespace && property.name === name);
  return {
    transports: named(ns.push, 'transports'),
    topic: named(ns.push, 'topic')?.text.trim(),
    triggers: named(ns.push, 'supported-triggers'),
    syncToken: named(ns.dav, 'sync-token')?.text.trim(),
  };
}

/** What a sync-collection report said; no parts when it was refused. */
export interface SyncAnswer {
  readonly status: number;
  readonly parts: readonly MultistatusPart[];
  readonly token: string | undefined;
}

export async function askSync(
  asker: Asker,
  path: string,
  token: string,
  limit?: number,
): Promise<SyncAnswer> {
  const reply = await asker.ask({
    method: 'REPORT',
    target: path,
    headers: { depth: '0', 'content-type': xml },
    body: syncBody(token, limit),
  });
  if (reply.status !== 207) return { status: reply.status, parts: [], token: undefined };
  const { parts, syncToken } = multistatus(reply, 'sync-collection');
  return { status: 207, parts, token: syncToken };
}
