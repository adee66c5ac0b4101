import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { generate } from 'selfsigned';
import { createSecureServer } from 'node:http2';
import { createServer as createTls } from 'node:https';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { Connection, type ConnectionOptions } from '../../src/client/index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);

const portOf = (server: { address(): ReturnType<Server['address']> }): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const connectionTo = (origin: string, more: Partial<ConnectionOptions> = {}): Connection =>
  new Connection({ origin, keepAliveMs: 10_000, timeoutMs: 5000, verifyCertificate: false, ...more });

/** The same small server spoken to in each way. */
const ways = {
  'HTTP/1.1': { http: '1.1', scheme: 'http', serve: (handler: Handler) => createHttp(handler) },
  'HTTP/1.1 over TLS': {
    http: '1.1',
    scheme: 'https',
    serve: (handler: Handler) => createTls({ key, cert }, handler),
  },
  'HTTP/2': {
    http: '2',
    scheme: 'https',
    serve: (handler: Handler) =>
      // The compatibility objects do what the handlers here use of the others.
      createSecureServer({ key, cert }, (request, response) =>
        handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
      ),
  },
} as const;

const echo: Handler = async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  response.setHeader('X-Asked', `${request.method ?? ''} ${request.url ?? ''} (${body})`);
  response.setHeader('x-depth', request.headers['depth'] ?? '');
  response.statusCode = 207;
  response.end(`<a>Grüße ${body.length}</a>`);
};

describe.each(Object.entries(ways))('a connection by %s', (_name, { http, scheme, serve }) => {
  const open = async (handler: Handler, more: Partial<ConnectionOptions> = {}) => {
    const server = serve(handler);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connection = connectionTo(`${scheme}://127.0.0.1:${portOf(server)}`, { http, ...more });
    return {
      connection,
      cut: () => {
        for (const socket of sockets) socket.destroy();
      },
      async [Symbol.asyncDispose]() {
        await connection.close();
        server.close();
      },
    };
  };

  it('carries method, path, headers and body, and brings status, headers and text', async () => {
    await using world = await open(echo);
    const answer = await world.connection.send({
      method: 'REPORT',
      path: '/c/',
      headers: { depth: '1' },
      body: 'hello',
    });
    expect(answer).toMatchObject({ status: 207, body: '<a>Grüße 5</a>' });
    expect(answer.headers).toMatchObject({ 'x-asked': 'REPORT /c/ (hello)', 'x-depth': '1' });
    expect(answer.bytes.up).toBeGreaterThan(20);
    expect(answer.bytes.down).toBeGreaterThan(20);
  });

  it('carries what is not ASCII', async () => {
    await using world = await open((request, response) => void request.pipe(response));
    const body = 'BEGIN:VCARD\r\nFN:Zoë 李\r\nEND:VCARD\r\n';
    const answer = await world.connection.send({ method: 'PUT', path: '/o', headers: {}, body });
    expect(answer.body).toBe(body);
  });

  it('brings answers in pieces, and answers without a body', async () => {
    await using world = await open((request, response) => {
      request.resume();
      if (request.method === 'DELETE') {
        response.writeHead(204).end();
      } else {
        response.write('one ');
        setImmediate(() => response.end('two'));
      }
    });
    const get = { method: 'GET', path: '/', headers: {} };
    expect((await world.connection.send(get)).body).toBe('one two');
    expect(await world.connection.send({ ...get, method: 'DELETE' })).toMatchObject({
      status: 204,
      body: '',
    });
    expect((await world.connection.send(get)).body).toBe('one two');
  });

  it('answers each of many requests that are sent at once', async () => {
    await using world = await open(echo);
    const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
    const answers = await Promise.all(
      paths.map((path) => world.connection.send({ method: 'GET', path, headers: {} })),
    );
    expect(answers.map(({ headers }) => headers['x-asked'])).toEqual(paths.map((path) => `GET ${path} ()`));
  });

  it('fails when no answer comes in time', async () => {
    await using world = await open((request) => void request.resume(), { timeoutMs: 300 });
    const request = { method: 'GET', path: '/', headers: {} };
    await expect(world.connection.send(request)).rejects.toThrow();
  });

  it('fails what is under way when it is closed', async () => {
    await using world = await open((request) => void request.resume());
    const sent = world.connection.send({ method: 'GET', path: '/', headers: {} });
    const failed = expect(sent).rejects.toThrow();
    await world.connection.close();
    await failed;
  });

  it('sends nothing that would break out of its line', async () => {
    await using world = await open(echo);
    const bad = { method: 'GET', path: '/a\r\nx: y', headers: {} };
    await expect(world.connection.send(bad)).rejects.toThrow();
    const badHeader = { method: 'GET', path: '/', headers: { 'if-match': '"a"\r\nx: y' } };
    await expect(world.connection.send(badHeader)).rejects.toThrow();
    expect((await world.connection.send({ method: 'GET', path: '/', headers: {} })).status).toBe(207);
  });

  it('opens a new connection when the server has closed the old one', async () => {
    let opened = 0;
    await using world = await open(echo, { onConnect: () => (opened += 1) });
    for (let round = 1; round <= 3; round += 1) {
      expect((await world.connection.send({ method: 'GET', path: '/', headers: {} })).status).toBe(207);
      expect(opened).toBe(round);
      world.cut();
      // Whether the client has seen the end by the time of its next request, or only then, is left to chance.
      if (round === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});

describe('a connection by HTTP/1.1, with servers that have their own ways', () => {
  /** Answers the n-th request on any socket with the n-th text. */
  const scripted = async (answers: readonly string[], more: Partial<ConnectionOptions> = {}) => {
    let next = 0;
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', () => {
        const answer = answers[next];
        next += 1;
        if (answer === undefined) socket.destroy();
        else if (answer.endsWith('<end>')) socket.end(answer.slice(0, -5));
        else socket.write(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connection = connectionTo(`http://127.0.0.1:${portOf(server)}`, more);
    return {
      ask: () => connection.send({ method: 'GET', path: '/', headers: {} }),
      opened: () => sockets.length,
      asked: () => next,
      async [Symbol.asyncDispose]() {
        await connection.close();
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    };
  };
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

  it('reads a body that ends with the connection', async () => {
    await using server = await scripted(['HTTP/1.1 200 OK\r\n\r\nall of it<end>', ok]);
    expect((await server.ask()).body).toBe('all of it');
    expect((await server.ask()).body).toBe('ok');
    expect(server.opened()).toBe(2);
  });

  it('passes interim answers over', async () => {
    await using server = await scripted([`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}`]);
    expect(await server.ask()).toMatchObject({ status: 200, body: 'ok' });
  });

  it('takes no answer that nobody asked for', async () => {
    await using server = await scripted([ok + ok, 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nown']);
    expect((await server.ask()).body).toBe('ok');
    expect((await server.ask()).body).toBe('own');
  });

  it('leaves the connection when the server says so', async () => {
    const last = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok';
    await using server = await scripted([last, ok]);
    await server.ask();
    await server.ask();
    expect(server.opened()).toBe(2);
  });

  it('does not use a connection for as long as the server would close it meanwhile', async () => {
    const short = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 2\r\n\r\nok';
    await using server = await scripted([short, ok]);
    await server.ask();
    await server.ask();
    expect(server.opened()).toBe(2);
  });

  it('asks again when a kept connection ends instead of an answer, but not on a new one', async () => {
    await using server = await scripted([ok]);
    await server.ask();
    await expect(server.ask()).rejects.toThrow('closed the connection');
    // The first answer, the end of the kept connection, the end of the new one.
    expect(server.asked()).toBe(3);
  });

  it('fails on what is not HTTP', async () => {
    await using server = await scripted(['SSH-2.0-OpenSSH_9.6\r\n', ok]);
    await expect(server.ask()).rejects.toThrow();
    expect((await server.ask()).body).toBe('ok');
  });

  it('has several answers of several shapes with equal headers', async () => {
    const twice =
      'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nset-cookie: b\r\nETag: "1"\r\ncontent-length: 0\r\n\r\n';
    await using server = await scripted([twice]);
    expect((await server.ask()).headers).toEqual({
      'set-cookie': ['a', 'b'],
      etag: '"1"',
      'content-length': '0',
    });
  });
});

it('does not pass HTTP/1.1 off as HTTP/2', async () => {
  const server = createTls({ key, cert }, echo).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = connectionTo(`https://127.0.0.1:${portOf(server)}`, { http: '2' });
  await expect(connection.send({ method: 'GET', path: '/', headers: {} })).rejects.toThrow('HTTP/2');
  await connection.close();
  server.close();
});
