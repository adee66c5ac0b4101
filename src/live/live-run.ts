import {
  changesOf,
  createPushPolicy,
  startOf,
  Whereabouts,
  type ChangeSchedule,
  type DeviceGroup,
  type FleetLayout,
  type RunRecord,
  type RunSpec,
} from '../../sim/index.ts';
import { inRecords, type ByteCount } from '../client/index.ts';
import { Agenda } from './agenda.ts';
import type { DeviceWorld } from './device.ts';
import { FailureLog } from './failure-log.ts';
import { raiseFleet, type Fleet } from './fleet.ts';
import type { FleetState } from './kept-fleet.ts';
import { Invitations } from './invitations.ts';
import { Knowledge } from './knowledge.ts';
import { refuseLag } from './lag-gate.ts';
import { watchLoop } from './loop-watch.ts';
import { liveRecord, type Lived } from './live-record.ts';
import type { LiveSample } from './live-sample.ts';
import { Sampler } from './sampler.ts';
import type { LiveCollection } from './provision.ts';
import { PushLosses } from './push-losses.ts';
import { Recorder } from './recorder.ts';
import { Retries } from './retries.ts';
import { ServerWatch } from './server-watch.ts';
import { awaitPushes, compareStates, makeLastContacts } from './settle.ts';
import { connectTo, type Target } from './target.ts';
import { Writers } from './writers.ts';
import type { LiveOptions } from './live-options.ts';

const progressEveryMs = 250;
const sampleEveryMs = 1000;

/** One run between set-up and record. */
export class LiveRun {
  readonly #spec: RunSpec;
  readonly #layout: FleetLayout;
  readonly #target: Target;
  readonly #collections: readonly LiveCollection[];
  readonly #options: LiveOptions;
  readonly #state: FleetState | undefined;
  readonly #whereabouts: ReadonlyMap<DeviceGroup, Whereabouts>;
  readonly #losses: PushLosses;
  readonly #schedule: ChangeSchedule;
  readonly #recorder: Recorder;
  readonly #knowledge: Knowledge;
  readonly #invitations: Invitations | undefined;
  readonly #server: ServerWatch;
  readonly #failures: FailureLog;
  #loop = watchLoop();
  readonly #sampler = new Sampler();
  /** On the clock of `performance.now()`; before the start nothing is recorded. */
  #startedAt = NaN;
  readonly #now = (): number => performance.now() - this.#startedAt;
  readonly #agenda = new Agenda(this.#now);
  readonly #retries = new Retries(
    this.#now,
    (atMs, action) => this.#agenda.at(atMs, action),
    (kind, isRetried, atMs) => this.#recorder.failed(kind, isRetried, atMs),
  );

  constructor(
    spec: RunSpec,
    layout: FleetLayout,
    target: Target,
    collections: readonly LiveCollection[],
    options: LiveOptions,
    state?: FleetState,
  ) {
    this.#spec = spec;
    this.#layout = layout;
    this.#target = target;
    this.#collections = collections;
    this.#options = options;
    this.#state = state;
    this.#whereabouts = new Map(
      spec.deviceGroups.map((group) => [group, new Whereabouts(group, spec, layout)]),
    );
    this.#losses = new PushLosses(spec, layout.devices);
    const schedule = changesOf(spec, layout);
    this.#invitations = Invitations.of(spec, layout, schedule, collections);
    this.#schedule = this.#invitations?.apart(schedule) ?? schedule;
    this.#recorder = new Recorder(spec, layout);
    this.#knowledge = new Knowledge(
      layout,
      this.#schedule,
      this.#recorder.counted,
      state?.run,
      this.#invitations,
    );
    this.#server = new ServerWatch(target, spec);
    this.#failures = new FailureLog(layout.devices, options.transcriptFolder);
  }

  async run(stack: AsyncDisposableStack): Promise<RunRecord> {
    const { signal, maxLagMs } = this.#options;
    const fleet = await this.#raise();
    stack.defer(() => fleet.close());
    stack.defer(() => this.#agenda.end());
    stack.defer(() => this.#loop.stop());
    const elsewhere = connectTo(this.#target, this.#spec);
    stack.defer(() => elsewhere.close());
    const writers = new Writers({
      schedule: this.#schedule,
      invitations: this.#invitations,
      collections: this.#collections,
      devices: fleet.devices,
      onCommitted: (change, atMs) => this.#knowledge.committed(change, atMs),
      elsewhere,
      now: this.#now,
      at: (atMs, action) => this.#agenda.at(atMs, action),
      run: this.#state?.run,
      retries: this.#retries,
      selfEcho: createPushPolicy(this.#spec.pushPolicy).selfEcho ?? false,
      onLag: (lagMs, atMs) => this.#recorder.lagged(lagMs, atMs),
      onFailure: this.#onFailure,
    });
    const lived = await this.#live(fleet, writers);
    refuseLag(this.#recorder.lag, lived.loop, maxLagMs);
    await this.#server.settled();
    this.#retries.end();
    this.#invitations?.end();
    await writers.finish();
    await this.#invitations?.settled(signal);
    fleet.settle();
    if (fleet.devices.some(({ usesPush }) => usesPush))
      await awaitPushes(this.#spec, this.#knowledge.ledger, signal);
    await makeLastContacts(fleet.devices, signal);
    const stateCheck = await compareStates(this.#target, this.#spec, this.#collections, fleet.devices);
    this.#state?.keep(this.#target, this.#collections, fleet.keep());
    return liveRecord({
      spec: this.#spec,
      devices: this.#layout.devices,
      timeScale: this.#options.timeScale,
      recorder: this.#recorder,
      ledger: this.#knowledge.ledger,
      pid: this.#target.pid,
      lived,
      setUp: fleet.setUp,
      stateCheck,
    });
  }

  #raise(): Promise<Fleet> {
    return raiseFleet({
      spec: this.#spec,
      layout: this.#layout,
      target: this.#target,
      collections: this.#collections,
      signal: this.#options.signal,
      world: this.#deviceWorld(),
      onConnect: (bytes) => this.#recorder.connected(bytes, this.#now()),
      onPush: (device, bytes) => this.#pushed(device, bytes),
      kept: this.#state?.before?.devices,
    });
  }

  #pushed(device: number, bytes: ByteCount): boolean {
    const now = this.#now();
    const isLost = this.#losses.isLost(device);
    if (isLost) this.#recorder.lost(now);
    else this.#recorder.pushed(device, inRecords(bytes, this.#spec.transport), now);
    return !isLost;
  }

  /** The warm-up and the counted time; gives what was counted elsewhere in the latter. */
  async #live(fleet: Fleet, writers: Writers): Promise<Lived> {
    const { fromMs, toMs } = this.#recorder.counted;
    let before = this.#server.read();
    this.#startedAt = performance.now();
    this.#agenda.at(fromMs, () => {
      if (fromMs > 0) before = this.#server.read();
      this.#loop.stop();
      this.#loop = watchLoop();
      this.#watch(this.#server.startFaults(this.#options.faults ?? []));
    });
    for (const { atMs, downMs } of this.#spec.server.restarts ?? []) {
      this.#agenda.at(atMs, () => this.#watch(this.#server.restart(downMs)));
    }
    for (const device of fleet.devices) {
      device.begin(startOf(this.#groupOf(device.index), device.index, this.#layout.devices));
    }
    fleet.begin();
    this.#writeNext(writers, 0);
    await this.#until(toMs);
    const [start, end] = await Promise.all([before, this.#server.read()]);
    return {
      loop: this.#loop.read(),
      busyMs: end.busyMs - start.busyMs,
      loopMs: end.loopMs - start.loopMs,
      waitedMs: end.waitedMs - start.waitedMs,
      majorGcs: end.majorGcs - start.majorGcs,
      push: {
        sent: end.accepted - start.accepted,
        merged: end.merged - start.merged,
        delivered: this.#recorder.delivered,
        dropped: end.dropped - start.dropped + this.#recorder.lostPushes,
        failed: end.failed - start.failed,
      },
    };
  }

  #writeNext(writers: Writers, change: number): void {
    const atMs = this.#schedule.atMs[change];
    if (atMs === undefined) return;
    this.#agenda.at(atMs, () => {
      writers.write(change, atMs);
      this.#writeNext(writers, change + 1);
    });
  }

  async #until(endMs: number): Promise<void> {
    const { signal, onProgress, onSample } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const ticking = setInterval(() => onProgress?.(this.#now() / endMs), progressEveryMs);
    const sampling = onSample && setInterval(() => onSample(this.#sample(endMs)), sampleEveryMs);
    this.#agenda.at(endMs, () => resolve(undefined));
    try {
      signal.throwIfAborted();
      await promise;
    } finally {
      clearInterval(ticking);
      clearInterval(sampling);
      signal.removeEventListener('abort', abort);
    }
  }

  #sample(endMs: number): LiveSample {
    const requests = Object.values(this.#recorder.requests()).reduce((sum, count) => sum + count, 0);
    const loopP99Ms = this.#loop.read().p99;
    const { label } = this.#spec;
    const clock = { label, elapsedMs: this.#now(), endMs, loopP99Ms };
    return this.#sampler.take(clock, requests, this.#recorder, this.#knowledge.ledger);
  }

  /** What nobody waits for may fail too. */
  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#onFailure(-1, error));
  }

  readonly #onFailure = (device: number, error: unknown): void => {
    if (this.#options.signal.aborted) return;
    this.#recorder.failures += 1;
    this.#failures.failed(device, error instanceof Error ? error.message : String(error));
  };

  #deviceWorld(): DeviceWorld {
    const recorder = this.#recorder;
    return {
      seed: this.#spec.seed,
      now: this.#now,
      at: (atMs, action) => this.#agenda.at(atMs, action),
      onExchange: (device, exchange, intendedAt) => {
        this.#failures.add(device, exchange);
        recorder.exchange(device, exchange, intendedAt);
      },
      onContact: (device, startedAt, learned) => recorder.contact(device, startedAt, learned),
      onLag: (lagMs, atMs) => recorder.lagged(lagMs, atMs),
      onSynced: (device, subscription, outcome, startedAt, atMs) =>
        this.#knowledge.learn(device, subscription, outcome, startedAt, atMs),
      onFailure: this.#onFailure,
      retries: this.#retries,
      whereabouts: (device) => this.#whereaboutsOf(device),
    };
  }

  #groupOf(device: number): DeviceGroup {
    const found = this.#spec.deviceGroups[this.#layout.groupOfDevice[device] ?? 0];
    if (found === undefined) throw new RangeError(`device ${device} is in no group`);
    return found;
  }

  #whereaboutsOf(device: number): Whereabouts {
    const found = this.#whereabouts.get(this.#groupOf(device));
    if (found === undefined) throw new RangeError(`device ${device} is in no group`);
    return found;
  }
}
