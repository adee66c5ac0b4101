import { eventKinds, kindOfCode, numberOfCode } from './event-code.ts';
import type { Airtime } from './airtime.ts';
import type { Changes } from './changes.ts';
import type { Contacts } from './contacts.ts';
import { cutShort } from './cut-short.ts';
import type { Elision } from './elision.ts';
import type { FleetBlock } from '../workload/index.ts';
import type { PushConnections } from './push-connections.ts';
import type { Pushes } from './pushes.ts';
import { Wheels } from './wheels.ts';
import type { World } from './world.ts';

const usualEventsBetweenLooks = 1 << 18;

/** Who wants to know how a run goes, and may end it. */
export interface Onlooker {
  /** Told now and then how far the simulated clock is, in ms since the start of the warm-up, and how many events it took. */
  onProgress?(simulatedMs: number, events: number): void;
  /**
   * Asked now and then; `true` cuts the run short. One that goes event by event then yields the record of a run that was
   * to last for as long as it has; the others, and one whose counted time has not begun, end with an `AbortError`.
   */
  shouldStop?(): boolean;
  /** How many events lie between two such times; some hundred thousand by default. */
  readonly eventsBetweenLooks?: number;
}

/** What events are handed to. */
export interface Running {
  readonly world: World;
  readonly elision: Elision | undefined;
  readonly airtime: Airtime;
  readonly contacts: Contacts;
  readonly connections: PushConnections | undefined;
  readonly pushes: Pushes;
  readonly changes: Changes;
}

/** Runs the events of the whole fleet in their order; gives whether it was cut short. */
export function runWhole(running: Running, sliced: boolean, onlooker: Onlooker): boolean {
  const { world, elision, contacts, changes } = running;
  const { devices } = world.layout;
  contacts.begin(0, devices);
  changes.begin(0, world.schedule.count);
  const wheels =
    sliced && elision !== undefined
      ? new Wheels(world, elision, (device) => contacts.leaveWheel(device))
      : undefined;
  if (wheels !== undefined) contacts.ride(wheels);
  const { eventsBetweenLooks = usualEventsBetweenLooks } = onlooker;
  let untilLook = eventsBetweenLooks;
  let events = 0;
  let wasCut = false;
  while (next(world, wheels)) {
    dispatch(running);
    untilLook -= 1;
    if (untilLook === 0) {
      untilLook = eventsBetweenLooks;
      events += eventsBetweenLooks;
      if (wasCut || !isToldToStop(world.queue.tick, events, onlooker)) continue;
      // Modes that leave out contacts account for what has not come yet.
      wasCut = elision === undefined && cutShort(running);
      if (!wasCut) throw stopped();
    }
  }
  elision?.finish(0, devices);
  return wasCut;
}

/** Runs the parts of a block one after the other, each from the start to the end. */
export function runParts(
  running: Running,
  { layout: { firstDevice }, firstUser, firstChange }: FleetBlock,
  onlooker: Onlooker,
): void {
  const { world, elision, contacts, changes } = running;
  const parts = firstUser.length - 1;
  let events = 0;
  const { eventsBetweenLooks = usualEventsBetweenLooks } = onlooker;
  let untilLook = eventsBetweenLooks;
  for (let part = 0; part < parts; part += 1) {
    const from = firstDevice[firstUser[part] ?? 0] ?? 0;
    const to = firstDevice[firstUser[part + 1] ?? 0] ?? 0;
    world.server.rewind();
    contacts.begin(from, to);
    changes.begin(firstChange[part] ?? 0, firstChange[part + 1] ?? 0);
    while (world.queue.next()) {
      dispatch(running);
      events += 1;
    }
    elision?.finish(from, to);
    if (events < untilLook) continue;
    untilLook = events + eventsBetweenLooks;
    if (isToldToStop((world.window.to * (part + 1)) / parts, events, onlooker)) throw stopped();
  }
}

/** Most events are contacts, which look at the clock themselves: handed over, it would be boxed for each. */
function dispatch(running: Running): void {
  const { entity, code } = running.world.queue;
  if (kindOfCode(code) === eventKinds.contact) running.contacts.due(entity);
  else dispatchOther(running, entity, code);
}

function dispatchOther(
  { world, contacts, connections, pushes, changes }: Running,
  entity: number,
  code: number,
): void {
  const { tick } = world.queue;
  switch (kindOfCode(code)) {
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
}

/** Takes the next event, after the polls on wheels that come before it. */
function next({ fleetQueue }: World, wheels: Wheels | undefined): boolean {
  if (wheels === undefined) return fleetQueue.next();
  for (;;) {
    const more = fleetQueue.peek();
    if (!wheels.runUntil(more ? fleetQueue.headTick : Infinity, fleetQueue.headEntity))
      return more && fleetQueue.next();
  }
}

function isToldToStop(tick: number, events: number, onlooker: Onlooker): boolean {
  onlooker.onProgress?.(tick / 1000, events);
  return onlooker.shouldStop?.() === true;
}

const stopped = (): Error =>
  Object.assign(new Error('the simulation was told to stop'), { name: 'AbortError' });
