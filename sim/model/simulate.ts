import { createSampler } from '../kernel/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { errorOf, expectedRecord } from '../expected/index.ts';
import { Agenda } from './agenda.ts';
import { Airtime } from './airtime.ts';
import { Changes } from './changes.ts';
import { Contacts } from './contacts.ts';
import { eventKinds, kindOfCode, numberOfCode } from './event-code.ts';
import { Elision } from './elision.ts';
import { expectedSampleOf, sampleOf, whyNot, type SimulationMode } from './mode.ts';
import { PushConnections } from './push-connections.ts';
import { Pushes } from './pushes.ts';
import { recordOf } from './record-of.ts';
import { Requests } from './requests.ts';
import { Wheels } from './wheels.ts';
import { World } from './world.ts';

export interface SimulateOptions {
  /**
   * How to compute it; `exact` by default. `auto` takes a shortcut where the spec allows it; `whyNot` tells
   * beforehand whether it allows a mode.
   */
  readonly mode?: SimulationMode | 'auto';
  /** Told now and then how far the simulated clock is, in ms since the start of the warm-up, and how many events it took. */
  onProgress?(simulatedMs: number, events: number): void;
  /** Asked now and then; `true` ends the run with an `AbortError`. */
  shouldStop?(): boolean;
}

/** Exact ways to do with fewer steps, the faster first. */
const shortcuts = ['exact-elided', 'exact-sliced'] as const;
const eventsBetweenLooks = 1 << 18;

/**
 * Runs one spec, event by event unless a mode says otherwise. Pure: the same spec yields the same record, to the
 * last bit. A shortcut is proved in each run: on a sample of the fleet it must yield the record that `exact` does.
 * @throws RangeError for a spec that describes no run, or a mode that it does not allow; an error named
 * `AbortError` when told to stop.
 */
export function simulate(spec: RunSpec, options: SimulateOptions = {}): RunRecord {
  const { mode = 'exact' } = options;
  const reasonAgainst = (candidate: SimulationMode) =>
    whyNot(spec, candidate) ?? whyUnproved(spec, candidate);
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

/** Closed forms, with their error against `exact` on a sample. */
function runExpected(spec: RunSpec): RunRecord {
  const sample = expectedSampleOf(spec);
  const expectedError = errorOf(expectedRecord(sample), run(sample, 'exact', {}));
  return { ...expectedRecord(spec), expectedError };
}

function whyUnproved(spec: RunSpec, mode: SimulationMode): string | undefined {
  if (mode === 'exact') return undefined;
  const sample = sampleOf(spec, mode);
  const digest = (record: RunRecord): string => JSON.stringify({ ...record, mode: undefined });
  const equal = digest(run(sample, mode, {})) === digest(run(sample, 'exact', {}));
  return equal ? undefined : 'on a sample of the fleet it differs from exact';
}

function run(spec: RunSpec, mode: SimulationMode, options: SimulateOptions): RunRecord {
  const world = new World(spec);
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
  const changes = new Changes(world, airtime, requests, contacts, pushes, elision !== undefined);
  contacts.begin();
  const wheels =
    mode === 'exact-sliced' && elision !== undefined
      ? new Wheels(world, elision, (device) => contacts.leaveWheel(device))
      : undefined;
  if (wheels !== undefined) contacts.ride(wheels);
  const { queue } = world;
  let untilLook = eventsBetweenLooks;
  let events = 0;
  while (next(world, wheels)) {
    const { tick, entity, code } = queue;
    switch (kindOfCode(code)) {
      case eventKinds.contact:
        contacts.due(entity, tick);
        break;
      case eventKinds.request:
        contacts.steps.request(numberOfCode(code), tick);
        break;
      case eventKinds.started:
        contacts.steps.started(numberOfCode(code), tick);
        break;
      case eventKinds.released:
        contacts.steps.released(numberOfCode(code), entity, tick);
        break;
      case eventKinds.retry:
        contacts.steps.retry(numberOfCode(code), tick);
        break;
      case eventKinds.restart:
        connections?.restart(tick);
        break;
      case eventKinds.reconnect:
        connections?.reconnect(entity, numberOfCode(code), tick);
        break;
      case eventKinds.change:
        changes.happen(numberOfCode(code), tick);
        break;
      case eventKinds.put:
        changes.arrive(numberOfCode(code), tick);
        break;
      case eventKinds.send:
        pushes.send(entity, numberOfCode(code), tick);
        break;
      case eventKinds.write:
        changes.write(numberOfCode(code), tick);
        break;
      default:
        pushes.arrive(numberOfCode(code), tick);
    }
    untilLook -= 1;
    if (untilLook === 0) {
      untilLook = eventsBetweenLooks;
      events += eventsBetweenLooks;
      lookUp(tick, events, options);
    }
  }
  elision?.catchUpAll();
  return recordOf(world, airtime, pushes, mode);
}

/** Takes the next event, after the polls on wheels that come before it. */
function next({ queue }: World, wheels: Wheels | undefined): boolean {
  if (wheels === undefined) return queue.next();
  for (;;) {
    const more = queue.peek();
    if (!wheels.runUntil(more ? queue.headTick : Infinity, queue.headEntity)) return more && queue.next();
  }
}

function lookUp(tick: number, events: number, options: SimulateOptions): void {
  options.onProgress?.(tick / 1000, events);
  if (options.shouldStop?.() !== true) return;
  const stopped = new Error('the simulation was told to stop');
  stopped.name = 'AbortError';
  throw stopped;
}
