import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/index.ts';
import { fixtureResult } from '../report/fixture.ts';
import { chromiumPath, launch } from './chromium.ts';

describe.skipIf(chromiumPath === undefined)('report page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-report-'));
  let browser: Browser;
  let figures = 0;
  beforeAll(async () => {
    await writeReport(fixtureResult(), folder);
    figures = readdirSync(join(folder, 'charts')).filter((name) => name.endsWith('.svg')).length;
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page and yields it with everything that it complained of or asked the network for. */
  async function open(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    await page.waitForSelector('html[data-charts=drawn]');
    return { page, complaints };
  }

  it.each([
    { name: 'wide and light', width: 1280, colorScheme: 'light' as const },
    { name: 'wide and dark', width: 1280, colorScheme: 'dark' as const },
    { name: 'narrow and light', width: 390, colorScheme: 'light' as const },
    { name: 'narrow and dark', width: 390, colorScheme: 'dark' as const },
  ])('draws every chart, $name, without an error and without the network', async ({ width, colorScheme }) => {
    const { page, complaints } = await open({ viewport: { width, height: 900 }, colorScheme });
    expect(complaints).toEqual([]);
    expect(figures).toBeGreaterThan(10);
    const plots = page.locator('.plot');
    expect(await plots.count()).toBe(figures);
    for (const plot of await plots.all()) {
      expect(await plot.locator('svg.marks path, svg.marks rect').count()).toBeGreaterThan(3);
      expect((await plot.getAttribute('aria-label'))?.length).toBeGreaterThan(40);
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('keeps every text of every chart inside its picture', async () => {
    for (const width of [1280, 390]) {
      const { page } = await open({ viewport: { width, height: 900 } });
      const outside = await page.evaluate(`[...document.querySelectorAll('.plot')].flatMap((plot) => {
        const frame = plot.getBoundingClientRect();
        return [...plot.querySelectorAll('svg.marks text')].filter((text) => {
          const box = text.getBoundingClientRect();
          return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1);
        }).map((text) => plot.firstChild.id + ': ' + text.textContent);
      })`);
      expect(outside).toEqual([]);
      await page.context().close();
    }
  });

  it('turns dark when the reader does', async () => {
    const { page, complaints } = await open({ colorScheme: 'light' });
    const ink = () => page.locator('#staleness svg.marks text').first().getAttribute('fill');
    const before = await ink();
    await page.emulateMedia({ colorScheme: 'dark' });
    // A page learns of it some time later, until which it is drawn as before.
    await expect.poll(ink, { timeout: 20_000 }).not.toBe(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows what a mark stands for under the pointer', async () => {
    const { page } = await open({ viewport: { width: 1280, height: 900 } });
    await page.locator('#pareto-energy svg.marks .mark-symbol path').first().hover();
    const tooltip = page.locator('#vg-tooltip-element.visible');
    await tooltip.waitFor();
    expect(await tooltip.textContent()).toContain('Policy');
    await page.context().close();
  });

  it('allows no code but its own and no connection', () => {
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe-eval|https?:|script-src[^;]*unsafe-inline/);
  });
});
