import { createSampler } from '../kernel/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { errorOf, expectedRecord } from '../expected/index.ts';
import { Agenda } from './agenda.ts';
import { Airtime } from './airtime.ts';
import { mayRunApart, withExactSums } from './apart.ts';
import { Changes } from './changes.ts';
import { Contacts } from './contacts.ts';
import { Elision } from './elision.ts';
import { expectedSamples } from './expected-samples.ts';
import { sampleOf, whyNot, type SimulationMode } from './mode.ts';
import { PushConnections } from './push-connections.ts';
import { Pushes } from './pushes.ts';
import { recordOf } from './record-of.ts';
import { Requests } from './requests.ts';
import { runApart, runWhole, type Onlooker } from './run-events.ts';
import { World } from './world.ts';

export interface SimulateOptions extends Onlooker {
  /**
   * How to compute it; `exact` by default. `auto` takes a shortcut where the spec allows it; `whyNot` tells
   * beforehand whether it allows a mode.
   */
  readonly mode?: SimulationMode | 'auto';
  /** `exact-elided` runs parts of a fleet of so many devices one after the other where they share nothing; 2^17 by default. */
  readonly apartFrom?: number;
}

/** Exact ways to do with fewer steps, the faster first. */
const shortcuts = ['exact-elided', 'exact-sliced'] as const;

/**
 * Runs one spec, event by event unless a mode says otherwise. Pure: the same spec yields the same record, to the
 * last bit. A shortcut is proved in each run: on a sample of the fleet it must yield the record that `exact` does.
 * @throws RangeError for a spec that describes no run, or a mode that it does not allow; an error named
 * `AbortError` when told to stop.
 */
export function simulate(spec: RunSpec, options: SimulateOptions = {}): RunRecord {
  const { mode = 'exact' } = options;
  const reasonAgainst = (candidate: SimulationMode) =>
    whyNot(spec, candidate) ?? whyUnproved(spec, candidate, options);
  if (mode === 'auto') {
    const shortcut = shortcuts.find((candidate) => reasonAgainst(candidate) === undefined);
    return run(spec, shortcut ?? 'exact', options);
  }
  if (mode === 'expected') {
    const reason = whyNot(spec, mode);
    if (reason === undefined) return runExpected(spec);
    throw new RangeError(`mode ${mode} is impossible here: ${reason}`);
  }
  const reason = reasonAgainst(mode);
  if (reason === undefined) return run(spec, mode, options);
  throw new RangeError(`mode ${mode} is impossible here: ${reason}`);
}

/** Closed forms, with their error against `exact` on samples. */
function runExpected(spec: RunSpec): RunRecord {
  const [sample = spec, ...others] = expectedSamples(spec);
  const exact = [sample, ...others].map((one) => run(one, 'exact', {}));
  return { ...expectedRecord(spec), expectedError: errorOf(expectedRecord(sample), exact) };
}

function whyUnproved(spec: RunSpec, mode: SimulationMode, options: SimulateOptions): string | undefined {
  if (mode === 'exact') return undefined;
  const sample = sampleOf(spec, mode);
  const orderless = isOrderless(spec, mode, options);
  const digest = (record: RunRecord): string => JSON.stringify({ ...record, mode: undefined });
  const equal =
    digest(runOrdered(sample, mode, {}, orderless)) === digest(runOrdered(sample, 'exact', {}, orderless));
  return equal ? undefined : 'on a sample of the fleet it differs from exact';
}

const isOrderless = (spec: RunSpec, mode: SimulationMode, { apartFrom }: SimulateOptions): boolean =>
  mode === 'exact-elided' && mayRunApart(spec, apartFrom);

const run = (spec: RunSpec, mode: SimulationMode, options: SimulateOptions): RunRecord =>
  runOrdered(spec, mode, options, isOrderless(spec, mode, options));

/** `orderless`: parts of the fleet that have nothing to do with each other may be run one after the other. */
function runOrdered(
  given: RunSpec,
  mode: SimulationMode,
  options: SimulateOptions,
  orderless: boolean,
): RunRecord {
  const spec = orderless ? withExactSums(given) : given;
  const world = new World(spec, { orderless, apart: orderless && mode !== 'exact' });
  const agenda = new Agenda(world);
  const elision = mode === 'exact' ? undefined : new Elision(world, agenda, mode === 'exact-elided');
  const airtime = new Airtime(world);
  const requests = new Requests(world, airtime);
  const contacts = new Contacts(world, airtime, requests, agenda, elision);
  const { guard } = world;
  const { pushConnections } = spec.server;
  const connections =
    guard === undefined || pushConnections === undefined
      ? undefined
      : new PushConnections(world, guard, airtime, requests, createSampler(pushConnections.reconnectMs));
  const pushes = new Pushes(world, airtime, contacts, connections);
  const changes = new Changes(world, airtime, requests, contacts, pushes, agenda, elision !== undefined);
  const running = { world, elision, contacts, connections, pushes, changes };
  if (world.parts === undefined) runWhole(running, mode === 'exact-sliced', options);
  else runApart(running, world.parts, options);
  return { ...recordOf(world, airtime, pushes, mode), spec: given };
}
