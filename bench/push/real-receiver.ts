import { readFileSync } from 'node:fs';
import { startPushService } from '../../src/push/index.ts';

/** The bundled push service with TLS, in the sink's place: `real-receiver.ts CERT KEY`. */
const [, , certFile = '', keyFile = ''] = process.argv;
const service = await startPushService({
  host: '127.0.0.1',
  port: 0,
  tls: { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') },
});
process.send?.({ port: service.port });
process.on('message', () => process.send?.(process.cpuUsage()));
