import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/scenario/index.ts';

const namesIn = (folder: string): string[] =>
  globSync(`scenarios/data/${folder}/*.yaml`).map((file) => basename(file, '.yaml'));

const fields = {
  radios: ['devices', 0, 'radio'],
  links: ['devices', 0, 'link'],
  usage: ['devices', 0, 'usage'],
  'push-services': ['pushService'],
} as const;

describe.each(Object.entries(fields))('scenarios/data/%s', (folder, path) => {
  it.each(namesIn(folder))('%s can be named, and changed in a part', (name) => {
    const load = (value: unknown) =>
      loadStudy('scenarios/black-hole.yaml', { set: [[path, value]] }).runs[0]?.spec;
    const named = load(name);
    expect(named).toBeDefined();
    expect(load({ like: name })).toEqual(named);
    // What people do has no name in a run.
    const renamed = JSON.stringify(load({ like: name, name: 'another' }));
    expect(renamed.includes('"name":"another"')).toBe(folder !== 'usage');
  });
});
