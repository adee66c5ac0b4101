import { connect, type ClientHttp2Session } from 'node:http2';

export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One HTTP/2 connection to an origin, opened when needed and again after it was closed. */
export interface Http2Client {
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Http2Answer>;
  close(): void;
}

export function createHttp2Client(origin: string, ca: string | readonly string[] | undefined): Http2Client {
  let session: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect(origin, ca === undefined ? {} : { ca: [ca].flat() });
    session.on('error', () => session?.destroy());
    session.unref();
    return session;
  };

  return {
    async post(path, headers, body, signal) {
      const stream = open().request({ ':method': 'POST', ':path': path, ...headers }, { signal });
      const answered = Promise.withResolvers<Http2Answer>();
      stream.on('error', answered.reject);
      // A session that goes away ends its streams without an error.
      stream.on('close', () => answered.reject(new Error('the connection was closed')));
      stream.on('response', (answer) => {
        let text = '';
        stream.setEncoding('utf8');
        stream.on('data', (chunk: string) => (text += chunk));
        stream.on('end', () =>
          answered.resolve({ status: Number(answer[':status']), headers: answer, body: text }),
        );
      });
      stream.end(body);
      return answered.promise;
    },
    close: () => session?.destroy(),
  };
}
