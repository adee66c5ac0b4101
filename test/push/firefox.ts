import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const candidates = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** The system's Firefox; npm brings none. Undefined where there is none, and the test that needs it is skipped. */
export const firefoxPath = process.env['DAVPULSE_FIREFOX'] ?? candidates.find((path) => existsSync(path));

/** What keeps a fresh profile quiet, lets it push without asking anybody, and points it to the push service. */
const preferences = (pushService: string) => ({
  'dom.push.serverURL': pushService,
  'dom.push.testing.allowInsecureServerURL': true,
  'dom.push.testing.ignorePermission': true,
  'dom.push.enabled': true,
  'dom.push.connection.enabled': true,
  'dom.push.retryBaseInterval': 200,
  'dom.serviceWorkers.enabled': true,
  'permissions.default.desktop-notification': 1,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'toolkit.telemetry.server': '',
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'browser.safebrowsing.update.enabled': false,
  'extensions.update.enabled': false,
});

const page = (
  vapidKey: string,
) => `<!doctype html><meta charset="utf-8"><title>push</title><script type="module">
const report = (path, text) => fetch(path, { method: 'POST', body: text });
try {
  await navigator.serviceWorker.register('/worker.js');
  const worker = await navigator.serviceWorker.ready;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 2000));
  const subscribe = () => worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: '${vapidKey}' });
  let subscription;
  while (subscription === undefined) subscription = await Promise.race([subscribe(), pause()]);
  await report('/subscription', JSON.stringify(subscription));
} catch (error) {
  await report('/failure', String(error));
}
</script>`;

const worker = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => {
  const text = event.data?.text() ?? '';
  event.waitUntil(fetch('/pushed', { method: 'POST', body: text }));
});
`;

const subscriptionSchema = z.object({
  endpoint: z.string(),
  keys: z.object({ p256dh: z.string(), auth: z.string() }),
});

/** A headless Firefox with one page open, whose service worker says what it was pushed. */
export class FirefoxPage {
  /** The text of every push event, as Firefox decrypted it. */
  readonly pushed: string[] = [];
  readonly #folder: string;
  readonly #server: Server;
  readonly #child: ChildProcess;
  readonly #subscribed = Promise.withResolvers<z.infer<typeof subscriptionSchema>>();

  private constructor(folder: string, server: Server, child: ChildProcess) {
    this.#folder = folder;
    this.#server = server;
    this.#child = child;
    this.#subscribed.promise.catch(() => {});
  }

  /** Opens a page that subscribes with the given VAPID key at the push service (`ws:` URL). */
  static async open(pushService: string, vapidKey: string): Promise<FirefoxPage> {
    const folder = await mkdtemp(join(tmpdir(), 'davpulse-firefox-'));
    const prefs = Object.entries(preferences(pushService))
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join('');
    await writeFile(join(folder, 'user.js'), prefs);
    let opened: FirefoxPage | undefined;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        opened?.reported(request.url ?? '', Buffer.concat(chunks).toString());
        const script = request.url === '/worker.js';
        response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' });
        response.end(script ? worker : request.method === 'GET' ? page(vapidKey) : '');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const child = spawn(
      firefoxPath ?? '',
      ['--headless', '--no-remote', '--profile', folder, `http://127.0.0.1:${port}/`],
      { stdio: 'ignore', env: { ...process.env, HOME: folder } },
    );
    opened = new FirefoxPage(folder, server, child);
    return opened;
  }

  /** The subscription that the page made. @throws Error what Firefox said instead */
  get subscription(): Promise<z.infer<typeof subscriptionSchema>> {
    return this.#subscribed.promise;
  }

  reported(path: string, text: string): void {
    if (path === '/pushed') this.pushed.push(text);
    else if (path === '/failure') this.#subscribed.reject(new Error(text));
    else if (path === '/subscription') this.#subscribed.resolve(subscriptionSchema.parse(JSON.parse(text)));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}
