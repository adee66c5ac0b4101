import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, EventSource, type Dispatcher } from 'undici';

export interface EventStreamOptions {
  readonly url: string;
  readonly authorization: string;
  readonly verifyCertificate: boolean;
  /** Pause before the stream is opened again, ms. */
  readonly reconnectMs: number;
  /** Openings that fail in a row before the stream is given up. */
  readonly maxFailures: number;
  /** Called each time the stream stands. */
  readonly onOpen: () => void;
  readonly onMessage: (data: string) => void;
  /** The server refuses the stream, or cannot be reached again. */
  readonly onGivenUp: (reason: string) => void;
}

/**
 * Holds a server's event stream of push messages open: after a break it is opened again with `Last-Event-ID`, so
 * that the server tells what was missed. Returns what ends it.
 */
export function openEventStream(options: EventStreamOptions): () => void {
  const agent = new Agent({ connect: { rejectUnauthorized: options.verifyCertificate } });
  const dispatcher = agent.compose(
    (dispatch) => (request, handler) =>
      // Browsers' event sources cannot be given a header; `fetch` hands its own over as an object.
      dispatch(
        { ...request, headers: { ...fieldsOf(request.headers), authorization: options.authorization } },
        handler,
      ),
  );
  const source = new EventSource(options.url, {
    node: { dispatcher, reconnectionTime: options.reconnectMs },
  });
  let failures = 0;
  const end = (): void => {
    source.close();
    void agent.destroy();
  };
  source.addEventListener('open', () => {
    failures = 0;
    options.onOpen();
  });
  source.addEventListener('push-message', (event) => {
    if ('data' in event && typeof event.data === 'string') options.onMessage(event.data);
  });
  source.addEventListener('error', () => {
    failures += 1;
    const refused = source.readyState === source.CLOSED;
    if (!refused && failures <= options.maxFailures) return;
    end();
    options.onGivenUp(refused ? 'the server refuses the stream' : 'the stream cannot be opened again');
  });
  return end;
}

const fieldsOf = (headers: Dispatcher.DispatchOptions['headers']): OutgoingHttpHeaders =>
  typeof headers !== 'object' || headers === null || Array.isArray(headers) || Symbol.iterator in headers
    ? {}
    : headers;
