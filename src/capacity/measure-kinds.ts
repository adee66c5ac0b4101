import type { RequestKind } from '../../sim/index.ts';
import { listMembers, multiget, readHomeTokens, syncReplica } from '../client/index.ts';
import { costAt, syncOnce, type CrowdMember } from './crowd.ts';
import { plainHabits } from './plain-habits.ts';

/** What a kind of request takes more than an empty report in its place, ms; negative for less. */
export type BeyondReport = Readonly<Partial<Record<RequestKind, number>>>;

const load = 0.05;
const mostPerMs = 0.04;
const rounds = 4;

type Act = (member: CrowdMember, round: number) => Promise<unknown>;

const inTurn =
  (...acts: readonly Act[]): Act =>
  async (member, round) => {
    for (const act of acts) await act(member, round);
  };

const token: Act = ({ bed, replica }) =>
  syncReplica(bed.session, replica, { ...plainHabits, check: 'sync-token' });
const fetch: Act = ({ bed }, round) => multiget(bed.session, 'calendar', bed.collection, [bed.pathOf(round)]);
const write: Act = ({ bed }, round) => bed.put(round);

const sequences = {
  report: syncOnce,
  twoReports: inTurn(syncOnce, syncOnce),
  reportAndFetch: inTurn(syncOnce, fetch),
  writeAndSync: inTurn(write, syncOnce),
  token,
  home: ({ bed }: CrowdMember) => readHomeTokens(bed.session, bed.home),
  list: ({ bed }: CrowdMember) => listMembers(bed.session, bed.collection),
} as const;
const names = [
  'report',
  'twoReports',
  'reportAndFetch',
  'writeAndSync',
  'token',
  'home',
  'list',
] as const satisfies (keyof typeof sequences)[];

/**
 * What requests of other kinds take at the pace of a fleet, beside an empty report in the same place: a fleet asks
 * seldom enough that the code of each kind is no longer at hand when its next request comes. A write counts with what
 * the first look at it takes more, since it voids what the server had ready for others. Each sequence takes four times
 * `budgetMs`; `aloneMs` is the time of an empty report for a lone client. @throws DavpulseError when the server refuses or fails
 */
export async function measureKinds(
  crowd: readonly CrowdMember[],
  pid: number,
  aloneMs: number,
  budgetMs: number,
): Promise<BeyondReport> {
  const perMs = Math.min(mostPerMs, load / aloneMs);
  const sums: Record<keyof typeof sequences, number> = {
    report: 0,
    twoReports: 0,
    reportAndFetch: 0,
    writeAndSync: 0,
    token: 0,
    home: 0,
    list: 0,
  };
  // In turns, so that what drifts meanwhile concerns all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      sums[name] += (await costAt(crowd, pid, perMs, budgetMs, sequences[name])) / rounds;
    }
  }
  const { report, twoReports, reportAndFetch, writeAndSync } = sums;
  const put = writeAndSync - reportAndFetch - (twoReports - report);
  return {
    'sync-token': sums.token - report,
    home: sums.home - report,
    list: sums.list - report,
    multiget: reportAndFetch - twoReports,
    put,
    register: put,
  };
}
