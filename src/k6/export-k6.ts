import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { stringify } from 'yaml';
import {
  changesOf,
  layoutFleet,
  simulate,
  type FleetLayout,
  type RunRecord,
  type RunSpec,
} from '../../sim/index.ts';
import type { Arrivals, Settings } from './settings.ts';
import { k6Thresholds } from './k6-thresholds.ts';

/** The files of an exported load test: name to content. `script.ts` is the one to run. */
export type K6Export = Readonly<Record<string, string>>;

export interface K6ExportOptions {
  /** Machines that the operator uses. */
  readonly parallelism: number;
  /** What the scenario promises, as its file has it. */
  readonly thresholds: readonly string[];
}

const sources = ['script', 'settings', 'fleet', 'sync', 'dav'] as const;
const settingsBlock = /\/\/ <settings>[^]*?\/\/ <\/settings>/;

/**
 * Turns a run into a load test for k6. How often each group makes contact is what the simulator finds for the run's
 * policies, so push comes out as the contacts that it leads to; the messages themselves k6 does not receive.
 */
export function exportK6(spec: RunSpec, { parallelism, thresholds }: K6ExportOptions): K6Export {
  const layout = layoutFleet(spec);
  const settings = settingsOf(spec, layout, simulate(spec), thresholds);
  const written = `// <settings>\nexport const settings: Settings = ${JSON.stringify(settings, undefined, 2)};\n// </settings>`;
  const extension = extname(import.meta.filename);
  const files = sources.map((name) => {
    const text = readFileSync(new URL(`./${name}${extension}`, import.meta.url), 'utf8');
    return [`${name}${extension}`, text.replace(settingsBlock, () => written)] as const;
  });
  return {
    ...Object.fromEntries(files),
    'fleet.json': JSON.stringify(fleetOf(layout)),
    'testrun.yaml': operatorResource(spec, parallelism, extension),
  };
}

function settingsOf(
  spec: RunSpec,
  layout: FleetLayout,
  record: RunRecord,
  thresholds: readonly string[],
): Settings {
  const { series } = record.server;
  // Within an hour arrivals are taken as even; over a day they follow it.
  const shares = record.countedMs < 2 * hourMs ? [] : sharesOf(series.requests, series.binMs);
  const schedule = changesOf(spec, layout);
  const from = spec.warmUpMs;
  let first = 0;
  return {
    scenario: `${spec.scenario}: ${spec.label}`,
    durationSeconds: Math.ceil(record.countedMs / 1000),
    groups: spec.deviceGroups.map(({ name, client, syncPolicy }, index) => ({
      name,
      devices: record.groups[index]?.devices ?? 0,
      contacts: { count: record.groups[index]?.contacts ?? 0, shares },
      polls: spec.pushPolicy.kind === 'off' && 'intervalMs' in syncPolicy,
      check: client.check,
      report: client.report ?? 'sync-collection',
      inline: client.inline ?? false,
      multigetBatch: client.multigetBatch,
    })),
    collections: spec.collectionGroups.map((group, index) => {
      const count = layout.groupOfCollection.reduce((sum, of) => sum + (of === index ? 1 : 0), 0);
      const changes = schedule.atMs.filter(
        (atMs, change) =>
          atMs >= from && layout.groupOfCollection[schedule.collection[change] ?? 0] === index,
      ).length;
      const writes: Arrivals = { count: changes, shares };
      const { objectBytes } = group;
      const settings = {
        name: group.name,
        kind: group.kind === 'addressbook' ? ('addressbook' as const) : ('calendar' as const),
        objects: group.objects,
        objectBytes: objectBytes.kind === 'constant' ? objectBytes.value : typicalBytes,
        writes,
        first,
        count,
      };
      first += count;
      return settings;
    }),
    thresholds: k6Thresholds(thresholds),
  };
}

const hourMs = 3_600_000;
/** Median of the objects in the tests of Apple's server. */
const typicalBytes = 1102;
const mostSlices = 48;

/** The share of each of at most 48 equal slices in the whole. */
function sharesOf(bins: readonly number[], binMs: number): number[] {
  const perSlice = Math.max(Math.round(hourMs / binMs), Math.ceil(bins.length / mostSlices));
  const total = bins.reduce((sum, count) => sum + count, 0);
  const slices = Array.from({ length: Math.ceil(bins.length / perSlice) }, (_, slice) =>
    bins.slice(slice * perSlice, (slice + 1) * perSlice).reduce((sum, count) => sum + count, 0),
  );
  return total === 0 ? [] : slices.map((count) => count / total);
}

function fleetOf(layout: FleetLayout) {
  const { users, firstCollection, collectionList, firstMember, memberList } = layout;
  const groups = Math.max(0, ...layout.groupOfDevice.map((group) => group + 1));
  const usersOfGroup = Array.from({ length: groups }, (): number[] => []);
  for (const [device, group] of layout.groupOfDevice.entries()) {
    usersOfGroup[group]?.push(layout.userOfDevice[device] ?? 0);
  }
  return {
    collectionsOfUser: Array.from({ length: users }, (_, user) => [
      ...collectionList.subarray(firstCollection[user] ?? 0, firstCollection[user + 1] ?? 0),
    ]),
    owners: Array.from(
      { length: layout.collections },
      (_, collection) => memberList[firstMember[collection] ?? 0] ?? 0,
    ),
    usersOfGroup,
  };
}

/** A resource of the k6 operator for Kubernetes that runs the script on several machines, and where its files lie. */
function operatorResource(spec: RunSpec, parallelism: number, extension: string): string {
  const name = nameOf(spec);
  const file = `script${extension}`;
  const resource = {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name },
    spec: {
      parallelism,
      script: { configMap: { name, file } },
      runner: {
        env: [{ name: 'DAVPULSE_URL', value: 'https://dav.example.org' }],
        // Half a core and half a GiB for each machine's share, to be measured anew for a fleet of another size.
        resources: { requests: { cpu: '500m', memory: '512Mi' } },
      },
    },
  };
  const comment = [
    `# kubectl create configmap ${name} ${sources.map((source) => `--from-file=${source}${extension}`).join(' ')} --from-file=fleet.json --from-file=users.json`,
    '# kubectl apply -f testrun.yaml',
    '# A config map holds 1 MiB; a larger fleet goes on a volume (script.volumeClaim in place of script.configMap).',
    '# Name your server below, and add DAVPULSE_I_OWN_THIS_SERVER=1 if you may put load on it.',
  ];
  return `${comment.join('\n')}\n${stringify(resource)}`;
}

/** A name that Kubernetes takes (RFC 1123 labels). */
const nameOf = ({ scenario, label }: RunSpec): string =>
  `davpulse-${scenario}-${label}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/-$/, '');
