import { expect, it } from 'vitest';
import { openWatchPage, type LiveSample } from '../../src/live/index.ts';
import { chromiumPath, launch } from './chromium.ts';

const sampleAt = (second: number): LiveSample => ({
  label: 'push, window 3 s',
  elapsedMs: 1000 * second,
  endMs: 40_000,
  requests: 400 * second,
  pushes: 30 * second,
  failures: second > 20 ? 2 : 0,
  requestsPerSecond: 400 + 150 * Math.sin(second / 3),
  pushesPerSecond: 30,
  stalenessP50Ms: second === 1 ? NaN : 180,
  stalenessP95Ms: second === 1 ? NaN : 900 + 60 * second,
  lagP99Ms: 7,
  loopP99Ms: 9,
});

it.runIf(chromiumPath !== undefined)('follows a run in a browser, wide and narrow', async () => {
  const page = await openWatchPage(0);
  const browser = await launch();
  try {
    const tab = await browser.newPage({ viewport: { width: 390, height: 900 } });
    const complaints: string[] = [];
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    tab.on('pageerror', (error) => complaints.push(error.message));
    await tab.goto(page.url);
    page.publish(sampleAt(1));
    // A page that is still connecting would be shown the last sample alone.
    await tab.waitForFunction("document.getElementById('pushes').textContent === '30'");
    for (let second = 2; second <= 30; second += 1) page.publish(sampleAt(second));
    await tab.waitForFunction("document.getElementById('pushes').textContent === '900'");
    const shown = await tab.textContent('body');
    for (const text of ['push, window 3 s', '180 ms', '2.70 s', '7 ms', '9 ms'])
      expect(shown).toContain(text);
    const points = await tab.getAttribute('#rateLine', 'points');
    expect(points?.split(' ')).toHaveLength(30);
    const [wide, inner] = await Promise.all([
      tab.evaluate('document.documentElement.scrollWidth'),
      tab.evaluate('window.innerWidth'),
    ]);
    expect(wide).toBe(inner);
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
    const folder = process.env['DAVPULSE_SCREENSHOTS'];
    if (folder !== undefined) await tab.screenshot({ path: `${folder}/watch.png`, fullPage: true });
  } finally {
    await browser.close();
    page.close();
  }
});
