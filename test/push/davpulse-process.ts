import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/davpulse.js', import.meta.url));

/** Compiled once: it halves the time of each restart. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'davpulse-compile-cache') };

/** A davpulse command in a process of its own, that can be killed and started again at the same address. */
export class DavpulseProcess {
  readonly #command: readonly string[];
  #port = 0;
  #child: ChildProcess | undefined;
  /** No trailing slash. */
  url = '';

  constructor(...command: readonly string[]) {
    this.#command = command;
  }

  /** Starts it and waits until it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [bin, ...this.#command, '--port', String(this.#port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    this.#child = child;
    const ready = Promise.withResolvers<string>();
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /davpulse [\w-]+: (http\S+)/.exec(printed)?.[1];
      if (url !== undefined) ready.resolve(url.replace(/\/$/, ''));
    });
    child.once('exit', (code) => ready.reject(new Error(`ended with ${code} before it was ready`)));
    this.url = await ready.promise;
    this.#port = Number(new URL(this.url).port);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
