import { createRequire } from 'node:module';
import autocannon from 'autocannon';

/** `autocannon.ts ORIGIN CONNECTIONS SECONDS BODY`: the same request by autocannon. Prints one line of JSON. */
const [origin = '', connections = '50', seconds = '5', body = ''] = process.argv.slice(2);

// autocannon refuses methods that are not in this list.
const methods: unknown = createRequire(import.meta.url)('autocannon/lib/httpMethods');
if (Array.isArray(methods)) methods.push('REPORT');

const before = process.cpuUsage();
const startedAt = performance.now();
const result = await autocannon({
  url: `${origin}/calendar/`,
  method: 'REPORT',
  connections: Number(connections),
  duration: Number(seconds),
  headers: { 'content-type': 'application/xml; charset=utf-8', depth: '0', authorization: 'Basic dTpw' },
  body,
});
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify({
    requests: result.requests.total,
    failed: result.errors + result.non2xx,
    wallMs: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
  })}\n`,
);
