import { Trend } from 'k6/metrics';
import {
  etagsBody,
  membersIn,
  multigetBody,
  send,
  syncBody,
  tokenIn,
  tokensBody,
  tokensIn,
  xmlHeaders,
  type Member,
} from './dav.ts';
import { base, placeOf, type Run } from './fleet.ts';
import type { Group } from './settings.ts';

const staleness = new Trend('staleness', true);

/** What the devices that this virtual user plays hold, by device and collection. */
interface Replica {
  token: string;
  etags: Map<string, string>;
}
const replicas = new Map<string, Replica>();

/** The tokens of all collections in the homes that a device looks at, by path. */
export async function readHomes(run: Run, collections: readonly number[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  const seen = new Set<string>();
  for (const collection of collections) {
    const { account, home } = placeOf(run, collection);
    if (seen.has(home)) continue;
    seen.add(home);
    const text = await send({
      kind: 'home',
      account,
      method: 'PROPFIND',
      url: `${base}${home}`,
      body: tokensBody,
      headers: xmlHeaders('1'),
    });
    for (const [path, token] of tokensIn(text)) tokens.set(path, token);
  }
  return tokens;
}

/** Brings one collection of one device to the state of the server. */
export async function syncOne(
  run: Run,
  group: Group,
  key: string,
  collection: number,
  homeToken: string | undefined,
): Promise<void> {
  const { account, path, kind } = placeOf(run, collection);
  const ask = (tag: string, method: string, body: string, depth: string): Promise<string> =>
    send({ kind: tag, account, method, url: `${base}${path}`, body, headers: xmlHeaders(depth) });
  const held = replicas.get(key) ?? {
    token: run.tokens[collection] ?? '',
    etags: new Map(Object.entries(run.etags[collection] ?? {})),
  };
  replicas.set(key, held);
  const shown =
    group.check === 'sync-token' ? tokenIn(await ask('sync-token', 'PROPFIND', tokensBody, '0')) : homeToken;
  if (shown !== undefined && shown !== '' && shown === held.token) return;
  const answer =
    group.report === 'list'
      ? await ask('list', 'PROPFIND', etagsBody, '1')
      : await ask('sync-collection', 'REPORT', syncBody(held.token, group.inline ? kind : undefined), '0');
  const members = membersIn(answer, path);
  const news = [...members].filter(([href, { etag }]) => held.etags.get(href) !== etag);
  const wanted = news.filter(([, { writtenAt }]) => Number.isNaN(writtenAt)).map(([href]) => href);
  learn(group, held, members);
  for (let start = 0; start < wanted.length; start += group.multigetBatch) {
    const batch = wanted.slice(start, start + group.multigetBatch);
    learn(group, held, membersIn(await ask('multiget', 'REPORT', multigetBody(kind, batch), '0'), path));
  }
  held.token = (group.report === 'list' ? shown : tokenIn(answer)) || held.token;
}

function learn(group: Group, held: Replica, members: ReadonlyMap<string, Member>): void {
  for (const [href, { etag, writtenAt }] of members) {
    held.etags.set(href, etag);
    if (group.polls && !Number.isNaN(writtenAt)) staleness.add(Date.now() - writtenAt);
  }
}
