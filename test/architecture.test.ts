import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const files = globSync(['sim/**/*.ts', 'src/**/*.ts']).map((file) => file.replaceAll('\\', '/'));

interface Import {
  readonly from: string;
  readonly target: string;
}

const importsOf = (file: string): Import[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, specifier = '']) => ({
    from: file,
    target: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
  }));

/** The folder with a door that a file belongs to: `sim/kernel`, `src/dav`; `sim` for the files beside them. */
const roomOf = (file: string): string => {
  const [half = '', room = '', ...rest] = file.split('/');
  return rest.length === 0 ? half : `${half}/${room}`;
};

const imports = files.flatMap(importsOf);

describe('structure', () => {
  it('imports other folders through their index.ts only', () => {
    const behindDoors = imports.filter(({ from, target }) => {
      if (!/^(sim|src)\//.test(target) || roomOf(from) === roomOf(target)) return false;
      if (roomOf(target) === 'sim') return from.startsWith('src/') && target !== 'sim/index.ts';
      if (from.startsWith('src/') && target.startsWith('sim/')) return true;
      return target !== `${roomOf(target)}/index.ts`;
    });
    expect(behindDoors).toEqual([]);
  });

  it('has no circle between folders', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, target } of imports) {
      const [a, b] = [roomOf(from), roomOf(target)];
      if (!/^(sim|src)\//.test(target) || a === b || a === 'sim' || b === 'sim') continue;
      edges.set(a, (edges.get(a) ?? new Set()).add(b));
    }
    const circles: string[][] = [];
    const walk = (room: string, path: string[]): void => {
      if (path.includes(room)) {
        circles.push([...path.slice(path.indexOf(room)), room]);
        return;
      }
      for (const next of edges.get(room) ?? []) walk(next, [...path, room]);
    };
    for (const room of edges.keys()) walk(room, []);
    expect(circles).toEqual([]);
  });

  // V8 gives each generator function that is called a hidden class of its own, in old space: one made for a request
  // keeps all that the request used until the next full collection.
  it('makes no generator functions while it works', () => {
    const made = files.filter((file) =>
      /(?:^[ \t]+|[=(:,]\s*|return\s+)function\s*\*/m.test(readFileSync(file, 'utf8')),
    );
    expect(made).toEqual([]);
  });

  it('keeps the simulator free of everything outside it', async () => {
    const outward = imports.filter(
      ({ from, target }) => from.startsWith('sim/') && !target.startsWith('sim/'),
    );
    expect(outward).toEqual([]);
    const bundle = await build({
      entryPoints: ['sim/index.ts'],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(bundle.errors).toEqual([]);
  });
});
