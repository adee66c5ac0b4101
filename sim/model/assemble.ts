import { createSampler } from '../kernel/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { Agenda } from './agenda.ts';
import { Airtime } from './airtime.ts';
import { withExactSums } from './apart.ts';
import { Changes } from './changes.ts';
import { Contacts } from './contacts.ts';
import { Elision } from './elision.ts';
import type { SimulationMode } from './mode.ts';
import { PushConnections } from './push-connections.ts';
import { Pushes } from './pushes.ts';
import { recordOf } from './record-of.ts';
import { Requests } from './requests.ts';
import { runParts, runWhole, type Onlooker } from './run-events.ts';
import { World, type RunForm } from './world.ts';

/** What a run yields, of a whole fleet or of a block of one. */
export interface BlockRecord {
  readonly record: RunRecord;
  /** Requests by the second of the counted time. */
  readonly perSecond: Uint32Array;
}

/** Puts the parts of the model on a world and runs it. */
export function runWorld(
  given: RunSpec,
  mode: SimulationMode,
  form: RunForm,
  onlooker: Onlooker = {},
): BlockRecord {
  const spec = form.orderless ? withExactSums(given) : given;
  const world = new World(spec, form);
  const agenda = new Agenda(world);
  const elision = mode === 'exact' ? undefined : new Elision(world, agenda, mode === 'exact-elided');
  const airtime = new Airtime(world);
  const requests = new Requests(world, airtime);
  const contacts = new Contacts(world, airtime, requests, agenda, elision);
  const { guard, block, traffic } = world;
  const { pushConnections } = spec.server;
  const connections =
    guard === undefined || pushConnections === undefined
      ? undefined
      : new PushConnections(world, guard, airtime, requests, createSampler(pushConnections.reconnectMs));
  const pushes = new Pushes(world, airtime, contacts, connections);
  const changes = new Changes(world, airtime, requests, contacts, pushes, agenda, elision !== undefined);
  const running = { world, elision, airtime, contacts, connections, pushes, changes };
  const wasCut = block === undefined && runWhole(running, mode === 'exact-sliced', onlooker);
  if (block !== undefined) runParts(running, block, onlooker);
  const record = recordOf(world, airtime, pushes, mode);
  const asRun = wasCut ? { ...given, durationMs: record.countedMs } : given;
  return { record: { ...record, spec: asRun }, perSecond: traffic.requestsPerSecond };
}
