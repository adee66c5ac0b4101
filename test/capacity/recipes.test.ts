import { describe, expect, it } from 'vitest';
import { readRecipe, recipeNames } from '../../src/capacity/index.ts';
import { davpulse } from '../cli/davpulse.ts';

describe('recipes for other servers', () => {
  it('are there for the servers that people run, each with what to expect and how that is known', () => {
    expect(recipeNames()).toEqual(['cyrus', 'davical', 'nextcloud', 'radicale', 'sabre-dav', 'xandikos']);
    for (const name of recipeNames()) {
      const { gaps } = readRecipe(name);
      for (const { source } of gaps) expect(source.length).toBeGreaterThan(5);
    }
  });

  it('can be listed and read', async () => {
    const { stdout } = await davpulse(['targets']);
    expect(stdout).toMatch(/davical .*a recipe only/);
    const { stdout: one } = await davpulse(['targets', 'radicale']);
    expect(one).toContain('--target http://127.0.0.1:5240/');
  });

  it('are not made up', async () => {
    const { code, stderr } = await davpulse(['targets', 'exchange']);
    expect(code).toBe(2);
    expect(stderr).toContain('there are cyrus, davical');
  });
});
