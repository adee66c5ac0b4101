import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/client/index.ts';
import { FailureLog } from '../../src/live/failure-log.ts';
import { Transcript } from '../../src/live/transcript.ts';

const exchange = (path: string): Exchange => ({
  kind: 'register',
  startedAt: 1,
  endedAt: 2,
  bytes: { up: 1, down: 1 },
  request: {
    method: 'POST',
    path,
    headers: { authorization: 'Basic c2VjcmV0', 'content-type': 'application/xml' },
    body: '<P:push-resource>https://push.example/capability</P:push-resource><P:auth-secret>sesame</P:auth-secret><P:subscription-public-key type="p256dh">point</P:subscription-public-key>',
  },
  answer: {
    status: 500,
    headers: { 'set-cookie': 'session=secret', server: 'x' },
    body: 'y'.repeat(5000),
    bytes: { up: 1, down: 1 },
  },
});

describe('transcripts', () => {
  it('hold the last exchanges in order and nothing secret', () => {
    const transcript = new Transcript();
    for (let index = 0; index < 20; index += 1) transcript.add(exchange(`/calendar-${index}/`));
    const text = transcript.render();
    expect([...text.matchAll(/POST (\S+)/g)].map(([, path]) => path)).toEqual(
      Array.from({ length: 8 }, (_, index) => `/calendar-${index + 12}/`),
    );
    expect(text).not.toMatch(/c2VjcmV0|capability|sesame|point|session=secret/);
    expect(text).toContain('(3000 characters more)');
  });

  it('are written once for each device that fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'davpulse-test-'));
    try {
      const log = new FailureLog(3, join(folder, 'transcripts'));
      log.add(1, exchange('/here/'));
      log.failed(1, 'the first reason');
      log.failed(1, 'another reason');
      expect(readdirSync(join(folder, 'transcripts'))).toEqual(['device-1.txt']);
      expect(readFileSync(join(folder, 'transcripts', 'device-1.txt'), 'utf8')).toMatch(
        /^the first reason[^]*POST \/here\//,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
