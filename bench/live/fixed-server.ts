import { createServer } from 'node:http';

const answer = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:"><D:sync-token>https://davpulse.example/sync/1</D:sync-token></D:multistatus>',
);

/** Answers every request with the same empty report at once, so that only the client can be the limit. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(207, {
      'content-type': 'application/xml; charset=utf-8',
      'content-length': answer.length,
    });
    response.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
