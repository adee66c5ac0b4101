import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startPushService } from '../../src/push/index.ts';
import { child, ns, parseXml } from '../../src/xml/index.ts';
import { calendar, DavSide, registerBody, until } from './dav-side.ts';
import { firefoxPath, FirefoxPage } from './firefox.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const vapidKeyOf = (dav: DavSide): string => {
  const transports = dav.engine.properties(calendar).get('transports') ?? '';
  const webPush = child(parseXml(`<x>${transports}</x>`), ns.push, 'web-push');
  return webPush?.children[0]?.text ?? '';
};

/** A browser beside other tests takes its time. */
const patienceMs = 90_000;

const tokenIn = (text: string | undefined): string | undefined => {
  const content = child(parseXml(text ?? ''), ns.push, 'content-update');
  return content && child(content, ns.dav, 'sync-token')?.text;
};

describe.skipIf(firefoxPath === undefined)('Firefox', () => {
  const name = 'reads what the server sends by the bundled push service, also what came while that was down';
  it(name, { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'davpulse-firefox-store-'));
    cleanup.push(() => rm(folder, { recursive: true }));
    const settings = { host: '127.0.0.1', db: join(folder, 'push.sqlite') };
    let service = await startPushService({ ...settings, port: 0 });
    cleanup.push(() => service.close());
    const backoff = { firstMs: 50, maxMs: 200 };
    const dav = new DavSide({ limits: { backoff } });
    cleanup.push(() => dav.close());
    const firefox = await FirefoxPage.open(service.wsUrl, vapidKeyOf(dav));
    cleanup.push(() => firefox.close());
    const { endpoint, keys } = await firefox.subscription;
    expect(dav.register('ann', registerBody({ endpoint, ...keys })).status).toBe(201);

    dav.change();
    await until(() => firefox.pushed.length === 1, 'the push event', patienceMs);
    await until(() => service.totals().acknowledged === 1, 'its acknowledgement', patienceMs);
    expect(tokenIn(firefox.pushed[0])).toBe(dav.syncToken);

    await service.close();
    dav.change();
    await until(() => dav.engine.totals().retried > 0, 'an attempt while it is down', patienceMs);
    service = await startPushService({ ...settings, port: service.port });
    await until(() => firefox.pushed.length === 2, 'the event after the restart', patienceMs);
    expect(tokenIn(firefox.pushed[1])).toBe(dav.syncToken);
  });
});
