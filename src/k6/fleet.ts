import { SharedArray } from 'k6/data';
import type { Account, Kind } from './dav.ts';
import { settings, type Settings } from './settings.ts';

// DAVPULSE_URL: the server. DAVPULSE_USERS: a JSON file with a list of {name, password}. DAVPULSE_CALENDARS and
// DAVPULSE_ADDRESSBOOKS: paths of the homes, {user} is filled in. DAVPULSE_SUMMARY: where the summary goes.
export const base = (__ENV['DAVPULSE_URL'] ?? 'http://127.0.0.1:5232').replace(/\/$/, '');
const homes: Readonly<Record<Kind, string>> = {
  calendar: __ENV['DAVPULSE_CALENDARS'] ?? '/calendars/{user}/',
  addressbook: __ENV['DAVPULSE_ADDRESSBOOKS'] ?? '/addressbooks/{user}/',
};
if (!/^https?:\/\/(127\.|localhost|\[::1\])/.test(base) && __ENV['DAVPULSE_I_OWN_THIS_SERVER'] !== '1') {
  throw new Error(`${base} is not this machine: set DAVPULSE_I_OWN_THIS_SERVER=1 if you may put load on it`);
}

const accounts = new SharedArray<Account>('accounts', () =>
  JSON.parse(open(__ENV['DAVPULSE_USERS'] ?? './users.json')),
);
/** Who is who, kept once for all virtual users. */
export const collectionsOfUser = new SharedArray<number[]>(
  'collections',
  () => JSON.parse(open('./fleet.json')).collectionsOfUser,
);
export const owners = new SharedArray<number>('owners', () => JSON.parse(open('./fleet.json')).owners);
/** The user of each device, by group. */
export const usersOfGroup = settings.groups.map(
  (_, group) =>
    new SharedArray<number>(`devices ${group}`, () => JSON.parse(open('./fleet.json')).usersOfGroup[group]),
);

/** What setup hands on: the name of the run, and the state that every device holds when it begins. */
export interface Run {
  readonly name: string;
  /** By collection. */
  readonly tokens: readonly string[];
  /** ETags by path, by collection; empty unless some group compares them. */
  readonly etags: readonly Readonly<Record<string, string>>[];
}

export const itemOf = <Item>(list: readonly Item[], place: number, what: string): Item => {
  const item = list[place];
  if (item === undefined) throw new Error(`there is no ${what} ${place}`);
  return item;
};

const accountOf = (user: number): Account => itemOf(accounts, user % accounts.length, 'account');

export function groupOf(collection: number): Settings['collections'][number] {
  const group = settings.collections.find(
    ({ first, count }) => collection >= first && collection < first + count,
  );
  if (group === undefined) throw new Error(`there is no collection ${collection}`);
  return group;
}

/** Where a collection of this run lies, and with whose account it is used: a shared one with its owner's. */
export function placeOf(
  run: Pick<Run, 'name'>,
  collection: number,
): { account: Account; home: string; path: string; kind: Kind } {
  const account = accountOf(itemOf(owners, collection, 'owner of collection'));
  const { kind } = groupOf(collection);
  const home = homes[kind].replace('{user}', account.name);
  return { account, home, path: `${home}${run.name}-${collection}/`, kind };
}

export const objectUrl = (path: string, object: number, kind: Kind): string =>
  `${base}${path}o${object}.${kind === 'calendar' ? 'ics' : 'vcf'}`;
