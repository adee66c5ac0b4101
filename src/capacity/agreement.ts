import { sum } from 'simple-statistics';
import { histogramQuantile, mergeHistograms, type RunRecord } from '../../sim/index.ts';
import { estimate } from '../results/index.ts';
import { loadOf } from './near-saturation.ts';
import { sumOf } from './sum-of.ts';

/** One figure of one point as measured, as simulated, and whether they agree. */
export interface AgreementRow {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  readonly live: number;
  readonly sim: number;
  /** (sim − live) / live. */
  readonly gap: number;
  /** Half of the 95 % interval of the gap, by how much it differs between the runs; NaN for one alone. */
  readonly gapHalfWidth: number;
  /** Largest gap that agrees; NaN where none is promised. */
  readonly bound: number;
  /** `not valid`: the generator fell behind, so there is nothing to compare. */
  readonly verdict: 'agrees' | 'differs' | 'no bound' | 'not valid';
  /** Runs that were compared. */
  readonly runs: number;
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly bound: number;
  /** Of all runs of a point together. */
  readonly of: (records: readonly RunRecord[]) => number;
}

/** Up to this load of the server staleness is promised to agree. */
const promisedLoad = 0.7;

const staleness = (records: readonly RunRecord[], q: number): number =>
  histogramQuantile(mergeHistograms(records.flatMap((record) => Object.values(record.staleness))), q);

const ofAll =
  (of: (record: RunRecord) => number) =>
  (records: readonly RunRecord[]): number =>
    sumOf(records, of);

const load = (records: readonly RunRecord[]): number => sumOf(records, loadOf) / records.length;

const figures: readonly Figure[] = [
  { name: 'requests', unit: '', bound: 0.01, of: ofAll(({ server }) => server.requests) },
  { name: 'bytes up', unit: 'B', bound: 0.03, of: ofAll(({ bytes }) => sumOf(bytes, ({ up }) => up)) },
  {
    name: 'bytes down',
    unit: 'B',
    bound: 0.03,
    of: ofAll(({ bytes }) => sumOf(bytes, ({ down }) => down)),
  },
  { name: 'staleness p50', unit: 'ms', bound: 0.05, of: (records) => staleness(records, 0.5) },
  { name: 'staleness p95', unit: 'ms', bound: 0.1, of: (records) => staleness(records, 0.95) },
  { name: 'staleness p99', unit: 'ms', bound: NaN, of: (records) => staleness(records, 0.99) },
  { name: 'server CPU', unit: 'ms', bound: 0.1, of: ofAll(({ server }) => server.busyMs) },
  { name: 'server load', unit: '', bound: NaN, of: load },
  {
    name: 'wait for a processor',
    unit: 'ms',
    bound: NaN,
    of: ofAll(({ server }) => server.waitedMs ?? NaN),
  },
  {
    name: 'energy',
    unit: 'J',
    bound: 0.05,
    of: ofAll(({ groups }) => sum(groups.flatMap(({ energyJ }) => Object.values(energyJ)))),
  },
];

/** Figure by figure, of the runs of a point and of the same ones simulated. */
export function compare(
  label: string,
  live: readonly RunRecord[],
  sim: readonly RunRecord[],
): AgreementRow[] {
  const isPromised = load(live) <= promisedLoad;
  return figures.map(({ name, unit, bound: promised, of }) => {
    const [measured, simulated] = [of(live), of(sim)];
    const gap = gapOf(simulated, measured);
    const eachGap = live.map((run, index) => gapOf(of(sim.slice(index, index + 1)), of([run])));
    const { halfWidth: gapHalfWidth = NaN } = estimate(eachGap);
    const bound = name.startsWith('staleness') && !isPromised ? NaN : promised;
    const verdict = Number.isNaN(bound) ? 'no bound' : Math.abs(gap) <= bound ? 'agrees' : 'differs';
    const runs = live.length;
    return {
      label,
      figure: name,
      unit,
      live: measured,
      sim: simulated,
      gap,
      gapHalfWidth,
      bound,
      verdict,
      runs,
    };
  });
}

const gapOf = (sim: number, live: number): number => (sim === live ? 0 : sim / live - 1);

/** What there is to say of a point of which a run was not valid. */
export const notValid = (label: string): AgreementRow => ({
  label,
  figure: 'the generator fell behind',
  unit: '',
  live: NaN,
  sim: NaN,
  gap: NaN,
  gapHalfWidth: NaN,
  bound: NaN,
  verdict: 'not valid',
  runs: 0,
});
