import { createPushEngine } from '../../src/push/index.ts';
import { startTestServer } from '../dav/harness.ts';
import { event } from '../dav/harness.ts';

const xml = { 'Content-Type': 'application/xml' };
const calendar = '/calendars/alice/calendar/';

/** Reads events of a stream until one has the wanted name; yields its data. */
async function nextEvent(reader: ReadableStreamDefaultReader<Uint8Array>, name: string): Promise<string> {
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended before ${name}`);
    text += Buffer.from(value).toString();
    for (const block of text.split('\n\n').slice(0, -1)) {
      const lines = block.split('\n');
      if (!lines.includes(`event: ${name}`)) continue;
      return lines
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice(6))
        .join('\n');
    }
  }
}

/**
 * What the running server answers to the requests of the framework paper: discovery, two registrations, a
 * refused one, and the message that a change leads to.
 */
export async function frameworkExamples(requestOf: (name: string) => string): Promise<Map<string, string>> {
  await using test = await startTestServer({
    createPushEngine: (db, host) =>
      createPushEngine({
        db,
        host,
        policy: { kind: 'immediate', ttlSeconds: 86_400, topic: 1 },
        allowLoopback: true,
      }),
  });
  const stream = new AbortController();
  const opened = await fetch(`${test.server.url}/push/stream`, {
    headers: { authorization: `Basic ${Buffer.from('alice:alice').toString('base64')}` },
    signal: stream.signal,
  });
  const reader = opened.body?.getReader();
  if (reader === undefined) throw new Error('the server offers no stream');
  const channel = await nextEvent(reader, 'channel');
  const register = (body: string) => test.ask('POST', calendar, { headers: xml, body });
  const discovery = await test.ask('PROPFIND', calendar, {
    headers: { ...xml, Depth: '0' },
    body: requestOf('discovery-request'),
  });
  const webPush = await register(requestOf('register-web-push'));
  const overStream = await register(
    requestOf('register-stream').replace(/<channel>[^<]*/, `<channel>${channel}`),
  );
  if (overStream.status !== 201) throw new Error(`the stream was refused: ${overStream.text}`);
  const refused = await register('<push-register xmlns="https://bitfire.at/webdav-push"/>');
  await test.ask('PUT', `${calendar}meeting.ics`, {
    headers: { 'Content-Type': 'text/calendar' },
    body: event('meeting'),
  });
  const message = await nextEvent(reader, 'push-message');
  stream.abort();
  return new Map([
    ['discovery-answer', discovery.text],
    [
      'register-answer',
      `HTTP/1.1 ${webPush.status} Created\nLocation: ${String(webPush.headers['location'])}\nExpires: ${String(webPush.headers['expires'])}`,
    ],
    ['register-refused', refused.text],
    ['message', message],
  ]);
}
