import { histogramQuantile, type DeviceGroup, type RunSpec } from '../sim/index.ts';
import { runLive } from '../src/live/index.ts';
import { specOf } from '../test/live/spec.ts';

/**
 * `npm run bench:fleet [-- --json] [-- --devices=N --pushed=N --seconds=N]`: one process holds a fleet beside the
 * bundled server: how late its event loop comes round, and what a device and a push connection cost in memory, as
 * differences between runs of the whole fleet, of the fleet without push, and of hardly any.
 */
const numberOf = (name: string, otherwise: number): number =>
  Number(new RegExp(`--${name}=(\\d+)`).exec(process.argv.join(' '))?.[1] ?? otherwise);
const asJson = process.argv.includes('--json');
const devices = numberOf('devices', 5000);
const pushed = numberOf('pushed', 2000);
const durationMs = numberOf('seconds', 20) * 1000;
const pollMs = 15_000;

const mebibyte = 2 ** 20;

/** `share` of the devices are pushed, the others poll; all change something now and then. */
function fleetOf(users: number, pushedUsers: number): RunSpec {
  const plain = specOf({ users, durationMs, members: 5, objects: 5, changesPerSecond: 0.02 });
  const [group] = plain.deviceGroups;
  if (group === undefined) throw new RangeError('no group');
  const polling: DeviceGroup = {
    ...group,
    name: 'polling',
    perUser: (users - pushedUsers) / users,
    syncPolicy: { kind: 'fixed', intervalMs: pollMs },
  };
  const following: DeviceGroup = {
    ...group,
    name: 'following',
    perUser: pushedUsers / users,
    syncPolicy: {
      kind: 'hybrid',
      safetyIntervalMs: 4 * 3_600_000,
      spreadMs: 0,
      skipKnown: 0,
      wholeAccount: 1,
    },
  };
  return {
    ...plain,
    deviceGroups: [polling, ...(pushedUsers > 0 ? [following] : [])],
    pushPolicy:
      pushedUsers > 0
        ? { kind: 'window', windowMs: 500, ttlSeconds: 60, topic: 1, selfEcho: 0 }
        : { kind: 'off' },
  };
}

async function measure(label: string, users: number, pushedUsers: number) {
  let residentBytes = 0;
  let cpu = process.cpuUsage();
  const record = await runLive(fleetOf(users, pushedUsers), {
    signal: AbortSignal.timeout(540_000),
    timeScale: 1,
    maxLagMs: 60_000,
    onProgress: (share) => {
      if (share < 0.1) cpu = process.cpuUsage();
      if (share > 0.5) residentBytes = Math.max(residentBytes, process.memoryUsage().rss);
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  const { generator, ledger, requests, push } = record;
  if (generator === undefined) throw new RangeError('no generator');
  const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return {
    label,
    devices: users,
    pushConnections: pushedUsers,
    generatorMiB: Math.round(residentBytes / mebibyte),
    serverMiB: Math.round((record.server.residentBytes ?? NaN) / mebibyte),
    requestsPerSecond: Math.round((total / durationMs) * 1000),
    pushes: push.delivered,
    lagP99Ms: Math.round(histogramQuantile(generator.lagMs, 0.99)),
    loopP99Ms: Math.round(generator.eventLoopDelayMs?.p99 ?? NaN),
    // Settling is part of it, so it is an upper bound.
    generatorCores: Number(((user + system) / 1000 / durationMs).toFixed(2)),
    serverCores: Number((record.server.busyMs / durationMs).toFixed(2)),
    lost: ledger.lost,
    different: record.stateCheck.different,
    failures: generator.failures,
  };
}

const hardlyAny = await measure('hardly any', 50, 0);
const polling = await measure('polling', devices, 0);
const whole = await measure('with push', devices, pushed);
const perDevice = ((polling.generatorMiB - hardlyAny.generatorMiB) * 1024) / (devices - 50);
const perPush = ((whole.generatorMiB - polling.generatorMiB) * 1024) / pushed;
const serverPerDevice = ((polling.serverMiB - hardlyAny.serverMiB) * 1024) / (devices - 50);
const serverPerPush = ((whole.serverMiB - polling.serverMiB) * 1024) / pushed;
const costs = {
  generatorKiBPerDevice: perDevice,
  generatorKiBPerPushConnection: perPush,
  serverKiBPerConnection: serverPerDevice,
  serverKiBPerSubscriptionAndConnection: serverPerPush,
};
for (const line of [hardlyAny, polling, whole]) {
  process.stdout.write(
    asJson
      ? `${JSON.stringify(line)}\n`
      : `${line.label.padEnd(11)} ${line.devices} devices, ${line.pushConnections} push connections: ${line.requestsPerSecond} requests/s, ${line.pushes} pushes, lag p99 ${line.lagP99Ms} ms, event loop p99 ${line.loopP99Ms} ms, generator ${line.generatorMiB} MiB and ${line.generatorCores} cores, server ${line.serverMiB} MiB and ${line.serverCores} cores, ${line.lost} lost, ${line.failures} failures\n`,
  );
}
process.stdout.write(
  asJson
    ? `${JSON.stringify(costs)}\n`
    : `${Object.entries(costs)
        .map(([name, kib]) => `${name} ${kib.toFixed(1)}`)
        .join(', ')}\n`,
);
