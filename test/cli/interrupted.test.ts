import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/cli/interruption.ts';
import { reportFailure } from '../../src/cli/report-failure.ts';
import { davpulse } from './davpulse.ts';

describe('Ctrl-C', () => {
  it('is what ended a command whose taking down then failed, as servers that a terminal interrupts as well are gone', () => {
    const later = new Error('the server is gone');
    const error = new SuppressedError(later, new Interrupted('interrupted'));
    expect(reportFailure(new SuppressedError(later, error))).toBe(130);
  });

  // Each kind of request would be measured for ten minutes: who does not look at the signal does not end in this test.
  it.each([
    ['processor time', ['calibrate', '--no-tls']],
    ['processor time', ['capacity']],
    ['processor time', ['validate']],
  ])('while there is word of %s ends %j', async (word, args) => {
    let isInterrupted = false;
    const { code, stdout, stderr } = await davpulse([...args, '--seconds', '600'], {
      onStderr: (text, interrupt) => {
        if (isInterrupted || !text.includes(word)) return;
        isInterrupted = true;
        setTimeout(interrupt, 500);
      },
    });
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('interrupted');
    expect(stderr.match(/interrupted|error/g)).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(130);
  });
});
