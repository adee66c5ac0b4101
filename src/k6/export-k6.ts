import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { stringify } from 'yaml';
import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';

/** The files of an exported load test, by name. */
export interface K6Export {
  readonly script: string;
  /** A resource of the k6 operator for Kubernetes that runs the script on several machines. */
  readonly testRun: string;
}

const settingsBlock = /\/\/ <settings>[^]*?\/\/ <\/settings>/;

/**
 * Turns a run into a script for k6. How often each group makes contact is what the simulator finds for the run's
 * policies, so push comes out as the contacts that it leads to; the messages themselves k6 does not receive.
 */
export function exportK6(spec: RunSpec, parallelism: number): K6Export {
  const template = readFileSync(new URL(`./script${extname(import.meta.filename)}`, import.meta.url), 'utf8');
  const settings = `// <settings>\nconst settings: Settings = ${JSON.stringify(settingsOf(spec, simulate(spec)), undefined, 2)};\n// </settings>`;
  return {
    script: template.replace(settingsBlock, () => settings),
    testRun: stringify({
      apiVersion: 'k6.io/v1alpha1',
      kind: 'TestRun',
      metadata: { name: nameOf(spec) },
      spec: { parallelism, script: { configMap: { name: nameOf(spec), file: 'script.ts' } } },
    }),
  };
}

function settingsOf(spec: RunSpec, record: RunRecord) {
  const minutes = record.countedMs / 60_000;
  const object = spec.collectionGroups[0]?.objectBytes;
  return {
    scenario: `${spec.scenario}: ${spec.label}`,
    durationSeconds: Math.ceil(record.countedMs / 1000),
    users: spec.users,
    objectBytes: object?.kind === 'constant' ? object.value : 1102,
    writesPerMinute: record.requests.put / minutes,
    groups: spec.deviceGroups.map(({ name, client }, index) => ({
      name,
      devices: record.groups[index]?.devices ?? 0,
      contactsPerMinute: (record.groups[index]?.contacts ?? 0) / minutes,
      check: client.check,
      report: client.report ?? 'sync-collection',
      multigetBatch: client.multigetBatch,
    })),
  };
}

/** A name that Kubernetes takes (RFC 1123 labels). */
const nameOf = ({ scenario, label }: RunSpec): string =>
  `davpulse-${scenario}-${label}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/-$/, '');
