import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ownProcessors, whyNoOwnProcessors } from '../../src/live/index.ts';

const lacks = whyNoOwnProcessors();

const processorsOf = (task: string): string =>
  /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${task}/status`, 'utf8'))?.[1] ?? '';

/** A process that does nothing, until the stack ends. */
async function sleeper(stack: AsyncDisposableStack): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)']);
  stack.defer(() => void child.kill());
  await once(child.stdout, 'data');
  return child.pid ?? NaN;
}

it.skipIf(lacks !== undefined)(
  `gives the main threads of a server and of the generator a processor each, for a while${lacks === undefined ? '' : ` (${lacks})`}`,
  async () => {
    const before = processorsOf('self');
    {
      await using stack = new AsyncDisposableStack();
      const first = await sleeper(stack);
      expect(ownProcessors(first, stack)).toBe(true);
      // Whoever is started now begins where its parent is.
      const second = await sleeper(stack);
      expect(ownProcessors(second, stack)).toBe(true);
      const own = processorsOf('self');
      for (const pid of [first, second]) {
        expect(processorsOf(String(pid))).toMatch(/^\d+$/);
        expect(processorsOf(String(pid))).not.toBe(own);
        const others = readdirSync(`/proc/${pid}/task`).filter((task) => task !== String(pid));
        expect(new Set(others.map((task) => processorsOf(`${pid}/task/${task}`)))).toEqual(new Set([before]));
      }
    }
    expect(processorsOf('self')).toBe(before);
  },
);

it('does nothing to a server elsewhere', async () => {
  await using stack = new AsyncDisposableStack();
  expect(ownProcessors(undefined, stack)).toBe(false);
});
