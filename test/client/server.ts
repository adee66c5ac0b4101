import { startDavServer } from '../../src/dav/index.ts';
import {
  basicCredentials,
  Connection,
  createCollection,
  type CollectionKind,
  type Exchange,
  type Session,
} from '../../src/client/index.ts';

/** The bundled server with one user, and sessions on it that remember what they sent. */
export async function startServer() {
  const server = await startDavServer({
    host: '127.0.0.1',
    port: 0,
    db: ':memory:',
    users: [{ name: 'ann', password: 'one' }],
  });
  const connections: Connection[] = [];
  const open = (sockets = 1): Session & { readonly exchanges: Exchange[] } => {
    const connection = new Connection({
      origin: new URL(server.url).origin,
      keepAliveMs: 10_000,
      timeoutMs: 10_000,
      verifyCertificate: false,
      sockets,
    });
    connections.push(connection);
    const exchanges: Exchange[] = [];
    return {
      connection,
      credentials: basicCredentials('ann', 'one'),
      now: () => performance.now(),
      onExchange: (exchange) => exchanges.push(exchange),
      exchanges,
    };
  };
  return {
    origin: new URL(server.url).origin,
    open,
    async makeCollection(kind: CollectionKind, name: string): Promise<string> {
      const path = `/${kind === 'calendar' ? 'calendars' : 'addressbooks'}/ann/${name}/`;
      await createCollection(open(), kind, path, name);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(connections.map((connection) => connection.close()));
      await server.close();
    },
  };
}

/** A small valid object with a text that tells versions apart. */
export const objectOf = (kind: CollectionKind, name: string, text: string): string =>
  kind === 'calendar'
    ? `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:${name}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20400101T090000Z\r\nSUMMARY:${text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
    : `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${name}\r\nFN:${text}\r\nN:${text};;;;\r\nEND:VCARD\r\n`;
