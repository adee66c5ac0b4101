import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { DavpulseError } from '../errors/index.ts';
import type { LiveSample } from './live-sample.ts';

/** A page on loopback that follows a live run by server-sent events. */
export interface WatchPage {
  readonly url: string;
  publish(sample: LiveSample): void;
  close(): void;
}

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>davpulse live</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; font: 16px system-ui, sans-serif }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 1rem }
figure { margin: 1.5rem 0 } progress { width: 100% }
dt { opacity: .7 } dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums }
svg { width: 100%; height: 8rem } polyline { fill: none; stroke: currentColor; vector-effect: non-scaling-stroke }
</style></head><body><h1 id="label">Waiting for the run</h1><progress id="share" value="0" max="1"></progress>
<dl><div><dt>requests/s</dt><dd id="rate">–</dd></div><div><dt>pushes/s</dt><dd id="pushRate">–</dd></div>
<div><dt>staleness p50</dt><dd id="p50">–</dd></div><div><dt>staleness p95</dt><dd id="p95">–</dd></div>
<div><dt>lag p99</dt><dd id="lag">–</dd></div><div><dt>event loop p99</dt><dd id="loop">–</dd></div>
<div><dt>pushes</dt><dd id="pushes">–</dd></div><div><dt>failures</dt><dd id="failures">–</dd></div></dl>
<figure><figcaption>requests/s, last two minutes; at the top <span id="topRate">–</span></figcaption>
<svg viewBox="0 0 120 100" preserveAspectRatio="none" role="img" aria-label="requests per second"><polyline id="rateLine"/></svg></figure>
<figure><figcaption>staleness p95 so far, last two minutes; at the top <span id="topStale">–</span></figcaption>
<svg viewBox="0 0 120 100" preserveAspectRatio="none" role="img" aria-label="staleness, 95th percentile"><polyline id="staleLine"/></svg></figure>
<script>
const set = (id, text) => { document.getElementById(id).textContent = text };
const ms = (value) => value === null ? '–' : value < 1000 ? value.toFixed(0) + ' ms' : (value / 1000).toFixed(2) + ' s';
const draw = (id, values) => {
  const top = Math.max(1e-9, ...values);
  document.getElementById(id).setAttribute('points', values.map((value, x) => x + ',' + (100 - 95 * value / top)).join(' '));
  return top;
};
let last; let rates = []; let stale = [];
new EventSource('events').onmessage = ({ data }) => {
  const now = JSON.parse(data);
  if (last === undefined || last.label !== now.label || now.elapsedMs < last.elapsedMs) { rates = []; stale = [] }
  rates = [...rates, now.requestsPerSecond].slice(-120); stale = [...stale, now.stalenessP95Ms ?? 0].slice(-120); last = now;
  set('label', now.label); document.getElementById('share').value = now.elapsedMs / now.endMs;
  set('rate', now.requestsPerSecond.toFixed(0)); set('pushRate', now.pushesPerSecond.toFixed(0));
  set('p50', ms(now.stalenessP50Ms)); set('p95', ms(now.stalenessP95Ms));
  set('pushes', now.pushes); set('lag', ms(now.lagP99Ms)); set('loop', ms(now.loopP99Ms)); set('failures', now.failures);
  set('topRate', draw('rateLine', rates).toFixed(0)); set('topStale', ms(draw('staleLine', stale)));
};
</script></body></html>`;

/**
 * Serves the page on 127.0.0.1. @throws DavpulseError DAVPULSE_PORT_IN_USE when the port is taken
 */
export async function openWatchPage(port: number): Promise<WatchPage> {
  const watchers = new Set<ServerResponse>();
  let last = '';
  const server = createServer((request, response) => {
    if (request.url !== '/events') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(last === '' ? ': nothing yet\n\n' : last);
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new DavpulseError(
      'DAVPULSE_PORT_IN_USE',
      `the page cannot be served on 127.0.0.1:${port}: the port is taken or not allowed`,
      { cause },
    );
  }
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/`,
    publish(sample) {
      last = `data: ${JSON.stringify(sample)}\n\n`;
      for (const watcher of watchers) watcher.write(last);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
