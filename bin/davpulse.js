#!/usr/bin/env node
// Checks the Node version before anything that needs it is loaded: on an old Node the imports below
// fail with messages nobody can act on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = '../src/cli/main.ts';
const compiled = '../dist/src/cli/main.js';
const pinnedNode = at('../node_modules/node/bin/node');
// What was compiled once need not be compiled again: commands, and the processes that they start, begin sooner.
process.env.NODE_COMPILE_CACHE ??= at('../node_modules/.cache/davpulse');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if ((major === 24 && minor >= 18) || major >= 26) {
  module.enableCompileCache();
  await import(existsSync(at(source)) ? source : compiled);
} else if (existsSync(pinnedNode)) {
  // In a session of its own, so that Ctrl-C in a terminal reaches it once: through this process.
  const child = spawn(pinnedNode, [at('./davpulse.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
} else {
  process.stderr.write(
    `davpulse needs Node 24.18 or newer, this is ${process.version}. Try: npx -p node@24 -p davpulse davpulse …\n`,
  );
  process.exitCode = 2;
}
