import encoding from 'k6/encoding';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import type { Options } from 'k6/options';

/** Everything that the scenario says; the export puts its numbers here. */
interface Settings {
  readonly scenario: string;
  readonly durationSeconds: number;
  readonly users: number;
  readonly objectBytes: number;
  readonly writesPerMinute: number;
  readonly groups: readonly {
    readonly name: string;
    readonly devices: number;
    readonly contactsPerMinute: number;
    readonly check: 'none' | 'sync-token' | 'home';
    readonly report: 'sync-collection' | 'list';
    readonly multigetBatch: number;
  }[];
}

// <settings>
const settings: Settings = {
  scenario: 'empty',
  durationSeconds: 1,
  users: 1,
  objectBytes: 1000,
  writesPerMinute: 0,
  groups: [],
};
// </settings>

interface Account {
  readonly name: string;
  readonly password: string;
}

// DAVPULSE_USERS: a JSON file with a list of {name, password}; DAVPULSE_COLLECTION: its path, {user} is filled in.
const base = (__ENV['DAVPULSE_URL'] ?? 'http://127.0.0.1:5232').replace(/\/$/, '');
const collectionOf = __ENV['DAVPULSE_COLLECTION'] ?? '/calendars/{user}/calendar/';
const accounts: readonly Account[] = JSON.parse(open(__ENV['DAVPULSE_USERS'] ?? './users.json'));

const arrivals = (perMinute: number, environment: Record<string, string>, call: string) => ({
  executor: 'constant-arrival-rate' as const,
  rate: Math.max(1, Math.round(perMinute)),
  timeUnit: '1m',
  duration: `${settings.durationSeconds}s`,
  preAllocatedVUs: Math.max(1, Math.ceil(perMinute / 60)),
  maxVUs: Math.max(10, Math.ceil(perMinute / 6)),
  exec: call,
  env: environment,
});

export const options: Options = {
  scenarios: Object.fromEntries([
    ...settings.groups.map((group, index) => [
      `group_${index}`,
      arrivals(group.contactsPerMinute, { GROUP: String(index) }, 'contact'),
    ]),
    ...(settings.writesPerMinute > 0 ? [['writes', arrivals(settings.writesPerMinute, {}, 'write')]] : []),
  ]),
  // A threshold for each kind makes k6 keep its figures apart.
  thresholds: {
    http_req_failed: ['rate<0.01'],
    ...Object.fromEntries(
      ['sync-token', 'sync-collection', 'list', 'multiget', 'put'].map((kind) => [
        `http_req_duration{kind:${kind}}`,
        ['p(95)<1000'],
      ]),
    ),
  },
  summaryTrendStats: ['avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'],
};

/** What the devices that this virtual user plays have seen, by device. */
const tokens = new Map<string, string>();
const etags = new Map<string, Map<string, string>>();

function accountOf(place: number): Account {
  const account = accounts[place % Math.min(accounts.length, settings.users)];
  if (account === undefined) throw new Error('the file of users is empty');
  return account;
}

async function send(
  kind: string,
  account: Account,
  method: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<RefinedResponse<ResponseType | undefined>> {
  return await http.asyncRequest(method, `${base}${path}`, body, {
    headers: {
      ...headers,
      Authorization: `Basic ${encoding.b64encode(`${account.name}:${account.password}`)}`,
    },
    tags: { kind },
    responseCallback: http.expectedStatuses(200, 201, 204, 207),
  });
}

const xml = (depth: string) => ({ Depth: depth, 'Content-Type': 'application/xml; charset=utf-8' });
const textOf = (response: RefinedResponse<ResponseType | undefined>): string =>
  typeof response.body === 'string' ? response.body : '';
const first = (text: string, element: string): string =>
  new RegExp(`<(?:[\\w-]+:)?${element}[^>]*>([^<]*)<`).exec(text)?.[1] ?? '';

const tokenRequest =
  '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:sync-token/></D:prop></D:propfind>';

async function readToken(account: Account, path: string): Promise<string> {
  return first(
    textOf(await send('sync-token', account, 'PROPFIND', path, tokenRequest, xml('0'))),
    'sync-token',
  );
}

/** Paths and ETags that an answer shows for members of the collection. */
function membersIn(text: string, collection: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const response of text.split(/<(?:[\w-]+:)?response[\s>]/).slice(1)) {
    const href = first(response, 'href');
    const etag = first(response, 'getetag');
    if (href !== '' && href !== collection && etag !== '') members.set(href, etag);
  }
  return members;
}

async function fetchBodies(account: Account, path: string, hrefs: readonly string[], batch: number) {
  for (let start = 0; start < hrefs.length; start += batch) {
    const wanted = hrefs
      .slice(start, start + batch)
      .map((href) => `<D:href>${href}</D:href>`)
      .join('');
    const body = `<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>${wanted}</C:calendar-multiget>`;
    await send('multiget', account, 'REPORT', path, body, xml('0'));
  }
}

/** One contact of one device of a group. */
export async function contact(): Promise<void> {
  const group = settings.groups[Number(__ENV['GROUP'])];
  if (group === undefined) throw new Error(`no group ${__ENV['GROUP']}`);
  const device = exec.scenario.iterationInTest % Math.max(1, group.devices);
  const account = accountOf(device);
  const path = collectionOf.replace('{user}', account.name);
  const key = `${__ENV['GROUP']}/${device}`;
  const known = tokens.get(key);
  if (known === undefined) {
    // A device that was there before the test begins with the present state.
    tokens.set(key, await readToken(account, path));
    return;
  }
  const shown = group.check === 'none' ? '' : await readToken(account, path);
  if (shown !== '' && shown === known) return;
  const [kind, method, body, depth] =
    group.report === 'list'
      ? (['list', 'PROPFIND', tokenRequest.replace('sync-token', 'getetag'), '1'] as const)
      : ([
          'sync-collection',
          'REPORT',
          `<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>${known}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`,
          '0',
        ] as const);
  const text = textOf(await send(kind, account, method, path, body, xml(depth)));
  const members = membersIn(text, path);
  const held = etags.get(key);
  const news = [...members].filter(([href, etag]) =>
    group.report === 'list' ? held !== undefined && held.get(href) !== etag : true,
  );
  etags.set(key, members);
  tokens.set(key, group.report === 'list' ? shown : first(text, 'sync-token') || known);
  await fetchBodies(
    account,
    path,
    news.map(([href]) => href),
    group.multigetBatch,
  );
}

/** One change by one user. */
export async function write(): Promise<void> {
  const iteration = exec.scenario.iterationInTest;
  const account = accountOf(iteration);
  const name = `k6-${iteration % 50}`;
  const padding = `DESCRIPTION:${'x'.repeat(60)}\r\n`.repeat(
    Math.max(0, Math.round((settings.objectBytes - 220) / 74)),
  );
  const body = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//davpulse//k6//EN\r\nBEGIN:VEVENT\r\nUID:${name}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20400101T090000Z\r\nSUMMARY:Change ${iteration}\r\n${padding.replaceAll('DESCRIPTION', 'COMMENT')}END:VEVENT\r\nEND:VCALENDAR\r\n`;
  const path = `${collectionOf.replace('{user}', account.name)}${name}.ics`;
  await send('put', account, 'PUT', path, body, { 'Content-Type': 'text/calendar; charset=utf-8' });
}

/** The summary as davpulse reads it. */
export function handleSummary(data: unknown): Record<string, string> {
  return { 'summary.json': JSON.stringify(data) };
}
