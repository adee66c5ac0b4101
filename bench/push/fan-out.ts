import { Agent } from 'node:https';
import webPush from 'web-push';
import { makeBed, until, type Sink, type Target } from './set-up.ts';

export interface FanOutRow {
  readonly arm: string;
  readonly messages: number;
  readonly wallMs: number;
  /** CPU of the sending process. */
  readonly cpuMs: number;
  /** CPU of the receiver's process. */
  readonly receiverCpuMs: number;
}

async function measure(
  arm: string,
  messages: number,
  sink: Sink,
  run: () => Promise<void>,
): Promise<FanOutRow> {
  const receiverBefore = await sink.cpuMs();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const receiverCpuMs = (await sink.cpuMs()) - receiverBefore;
  return { arm, messages, wallMs, cpuMs: (user + system) / 1000, receiverCpuMs };
}

const payload =
  '<?xml version="1.0" encoding="UTF-8"?>\n<push-message xmlns="https://bitfire.at/webdav-push" xmlns:D="DAV:"><topic>Xr5gJ2k0cUq8bWQ3n7TzLm4VdYpAeHsF</topic><content-update><D:sync-token>urn:sync:1</D:sync-token></content-update></push-message>';

/** What a server does that calls web-push for each subscription in turn. */
function plainLoop(targets: readonly Target[], sink: Sink): Promise<FanOutRow> {
  const vapidKeys = webPush.generateVAPIDKeys();
  const vapidDetails = { subject: 'mailto:a@example.com', ...vapidKeys };
  const agent = new Agent({ ca: sink.ca, keepAlive: true });
  return measure('web-push sendNotification, in a loop', targets.length, sink, async () => {
    for (const target of targets) {
      await webPush.sendNotification(target, payload, { TTL: 60, urgency: 'normal', vapidDetails, agent });
    }
    agent.destroy();
  });
}

/** The same loop with as many on their way as davpulse has. */
function parallelLoop(targets: readonly Target[], sink: Sink): Promise<FanOutRow> {
  const vapidDetails = { subject: 'mailto:a@example.com', ...webPush.generateVAPIDKeys() };
  const agent = new Agent({ ca: sink.ca, keepAlive: true, maxSockets: 32 });
  const queue = targets.values();
  const worker = async (): Promise<void> => {
    for (const target of queue) {
      await webPush.sendNotification(target, payload, { TTL: 60, urgency: 'normal', vapidDetails, agent });
    }
  };
  return measure('web-push sendNotification, 32 at a time', targets.length, sink, async () => {
    await Promise.all(Array.from({ length: 32 }, worker));
    agent.destroy();
  });
}

/** One change, told to every subscription by the engine: outbox, rights, encryption, delivery, notes of it. */
async function engine(targets: readonly Target[], sink: Sink): Promise<FanOutRow> {
  const bed = makeBed({ kind: 'immediate', ttlSeconds: 60, topic: 1 }, { ca: sink.ca });
  for (const target of targets) bed.subscribe(target);
  const row = await measure('davpulse', targets.length, sink, async () => {
    bed.change();
    await until(() => bed.engine.totals().sent === targets.length, 300_000);
  });
  await bed.close();
  return row;
}

/** 1 change, told to all targets; the arms take turns. */
export async function fanOut(sink: Sink, targets: readonly Target[], rounds: number): Promise<FanOutRow[]> {
  const warmUp = targets.slice(0, Math.min(500, targets.length));
  const rows: FanOutRow[] = [];
  for (const arm of [plainLoop, parallelLoop, engine]) await arm(warmUp, sink);
  for (let round = 0; round < rounds; round += 1) {
    for (const arm of [plainLoop, parallelLoop, engine]) rows.push(await arm(targets, sink));
  }
  return rows;
}
