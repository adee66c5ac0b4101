import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launch } from './chromium.ts';

describe.skipIf(chromiumPath === undefined)('the committed guide in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each([1280, 390])(
    'draws every chart at %i px, without an error and without the network',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(pathToFileURL(resolve('reports/guide/guide.html')).href);
      await page.waitForSelector('html[data-charts=drawn]');
      const plots = await page.locator('.plot').count();
      expect(plots).toBeGreaterThan(8);
      expect(await page.locator('.plot svg.marks').count()).toBe(plots);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
      ).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
