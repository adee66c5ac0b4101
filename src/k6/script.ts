import exec from 'k6/execution';
import type { Options, Scenario } from 'k6/options';
import {
  createRequest,
  etagsBody,
  membersIn,
  putRequest,
  send,
  sendAll,
  tokenIn,
  tokensBody,
  xmlHeaders,
} from './dav.ts';
import {
  base,
  collectionsOfUser,
  groupOf,
  itemOf,
  objectUrl,
  owners,
  placeOf,
  usersOfGroup,
  type Run,
} from './fleet.ts';
import { settings, type Arrivals } from './settings.ts';
import { readHomes, syncOne } from './sync.ts';

/** Virtual users that are enough for answers within a second. */
const playersOf = (devices: number, { count }: Arrivals): number =>
  Math.max(1, Math.min(devices, 1 + Math.ceil((2 * count) / settings.durationSeconds)));

function arrivals(
  { count, shares }: Arrivals,
  players: number,
  call: Pick<Scenario, 'exec' | 'env'>,
): Scenario {
  const common = {
    ...call,
    preAllocatedVUs: players,
    maxVUs: players,
    timeUnit: `${settings.durationSeconds}s`,
  };
  if (shares.length < 2) {
    return {
      ...common,
      executor: 'constant-arrival-rate',
      rate: Math.max(1, Math.round(count)),
      duration: `${settings.durationSeconds}s`,
    };
  }
  const rate = (share: number): number => Math.round(count * share * shares.length);
  return {
    ...common,
    executor: 'ramping-arrival-rate',
    startRate: rate(shares[0] ?? 0),
    stages: shares.map((share) => ({
      target: rate(share),
      duration: `${settings.durationSeconds / shares.length}s`,
    })),
  };
}

const kinds = ['sync-token', 'home', 'sync-collection', 'list', 'multiget', 'put', 'setup'];

export const options: Options = {
  scenarios: Object.fromEntries([
    ...settings.groups.map((group, index) => [
      `group_${index}`,
      arrivals(group.contacts, playersOf(group.devices, group.contacts), {
        exec: 'contact',
        env: { GROUP: String(index) },
      }),
    ]),
    ...settings.collections.flatMap((group, index) =>
      group.writes.count > 0
        ? [
            [
              `writes_${index}`,
              arrivals(group.writes, playersOf(group.count, group.writes), {
                exec: 'write',
                env: { GROUP: String(index) },
              }),
            ],
          ]
        : [],
    ),
  ]),
  // k6 keeps the figures of a kind apart only where a threshold names it; these hold always.
  thresholds: {
    ...Object.fromEntries(
      kinds.flatMap((kind) => [
        [`http_req_duration{kind:${kind}}`, ['max>=0']],
        [`http_reqs{kind:${kind}}`, ['count>=0']],
      ]),
    ),
    http_req_failed: ['rate<0.01'],
    // Iterations that no virtual user was free for: load that never was.
    dropped_iterations: ['count==0'],
    ...Object.fromEntries(Object.entries(settings.thresholds).map(([metric, all]) => [metric, [...all]])),
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
  setupTimeout: '10m',
  teardownTimeout: '10m',
  batch: 20,
  batchPerHost: 20,
};

/** Contacts that this virtual user has made. */
let turn = 0;

/** Makes the collections and their objects, and looks at what the devices hold from the start. */
export async function setup(): Promise<Run> {
  const name = `k6-${Date.now().toString(36)}`;
  const places = Array.from({ length: owners.length }, (_, collection) => ({
    ...placeOf({ name }, collection),
    ...groupOf(collection),
  }));
  await sendAll(places.map(({ account, path, kind }) => createRequest(kind, account, `${base}${path}`)));
  await sendAll(
    places.flatMap(({ account, path, kind, objects, objectBytes }) =>
      Array.from({ length: objects }, (_, object) => ({
        ...putRequest(kind, account, objectUrl(path, object, kind), objectBytes),
        kind: 'setup',
      })),
    ),
  );
  const look = (body: string, depth: string): Promise<string[]> =>
    sendAll(
      places.map(({ account, path }) => ({
        kind: 'setup',
        account,
        method: 'PROPFIND',
        url: `${base}${path}`,
        body,
        headers: xmlHeaders(depth),
      })),
    );
  const lists = settings.groups.some(({ report }) => report === 'list') ? await look(etagsBody, '1') : [];
  return {
    name,
    tokens: (await look(tokensBody, '0')).map(tokenIn),
    etags: lists.map((text, collection) =>
      Object.fromEntries(
        [...membersIn(text, places[collection]?.path ?? '')].map(([href, { etag }]) => [href, etag]),
      ),
    ),
  };
}

/** Removes the collections. */
export async function teardown(run: Run): Promise<void> {
  await sendAll(
    Array.from({ length: owners.length }, (_, collection) => {
      const { account, path } = placeOf(run, collection);
      return { kind: 'setup', account, method: 'DELETE', url: `${base}${path}`, body: '', headers: {} };
    }),
  );
}

/** One contact of one device of a group. Each virtual user plays devices of its own, in turn, as it alone knows what they hold. */
export async function contact(run: Run): Promise<void> {
  const index = Number(__ENV['GROUP']);
  const group = itemOf(settings.groups, index, 'group');
  const players = playersOf(group.devices, group.contacts);
  const player = (exec.vu.idInTest - 1) % players;
  const own = Math.ceil((group.devices - player) / players);
  const device = player + (turn % own) * players;
  turn += 1;
  const user = itemOf(itemOf(usersOfGroup, index, 'group'), device, 'device');
  const collections = itemOf(collectionsOfUser, user, 'user');
  const shown = group.check === 'home' ? await readHomes(run, collections) : undefined;
  for (const collection of collections) {
    const { path } = placeOf(run, collection);
    await syncOne(run, group, `${index}/${device}/${collection}`, collection, shown?.get(path));
  }
}

/** One change in one collection of a group. */
export async function write(run: Run): Promise<void> {
  const { first, count, objects, objectBytes } = itemOf(
    settings.collections,
    Number(__ENV['GROUP']),
    'collection group',
  );
  const iteration = exec.scenario.iterationInTest;
  const { account, path, kind } = placeOf(run, first + (iteration % count));
  const object = Math.floor(iteration / count) % Math.max(1, objects);
  await send(putRequest(kind, account, objectUrl(path, object, kind), objectBytes));
}

/** The summary as davpulse reads it. */
export function handleSummary(data: Record<string, unknown>): Record<string, string> {
  const file = __ENV['DAVPULSE_SUMMARY'] ?? 'summary.json';
  const { scenario, durationSeconds } = settings;
  return {
    [file]: JSON.stringify({ davpulse: { scenario, durationSeconds }, ...data }),
    stdout: `${scenario}: the figures are in ${file}\n`,
  };
}
