import { describe, expect, it } from 'vitest';
import { davpulse } from './davpulse.ts';

describe('Ctrl-C', () => {
  // Each kind of request would be measured for ten minutes: who does not look at the signal does not end in this test.
  it.each([['calibrate', '--no-tls'], ['capacity'], ['validate']])(
    'ends %s while it measures',
    async (...args) => {
      let isInterrupted = false;
      const { code, stdout, stderr } = await davpulse([...args, '--seconds', '600'], {
        onStderr: (text, interrupt) => {
          if (isInterrupted || !text.includes('processor time')) return;
          isInterrupted = true;
          setTimeout(interrupt, 500);
        },
      });
      expect(stderr.trimEnd().split('\n').at(-1)).toBe('interrupted');
      expect(stderr.match(/interrupted|error/g)).toHaveLength(1);
      expect(stdout).toBe('');
      expect(code).toBe(130);
    },
  );
});
