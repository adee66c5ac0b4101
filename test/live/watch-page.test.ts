import { expect, it } from 'vitest';
import { request } from 'undici';
import { openWatchPage, runLive, type LiveSample } from '../../src/live/index.ts';
import { specOf } from './spec.ts';

it('serves a page and the samples of a run as events', async () => {
  const page = await openWatchPage(0);
  try {
    const html = await request(page.url);
    expect(await html.body.text()).toContain("new EventSource('events')");
    const samples: LiveSample[] = [];
    await runLive(specOf({ durationMs: 2500 }), {
      signal: AbortSignal.timeout(30_000),
      timeScale: 1,
      maxLagMs: 2000,
      onSample: (sample) => {
        samples.push(sample);
        page.publish(sample);
      },
    });
    expect(samples.length).toBeGreaterThanOrEqual(1);
    const events = await request(`${page.url}events`);
    const [chunk] = await events.body.take(1).toArray();
    const told: unknown = JSON.parse(String(chunk).replace(/^data: /, ''));
    expect(told).toMatchObject({ label: 'test', requests: samples.at(-1)?.requests });
  } finally {
    page.close();
  }
});

it('says so when its port is taken', async () => {
  const page = await openWatchPage(0);
  try {
    await expect(openWatchPage(Number(new URL(page.url).port))).rejects.toMatchObject({
      code: 'DAVPULSE_PORT_IN_USE',
    });
  } finally {
    page.close();
  }
});
