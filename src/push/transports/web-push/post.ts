import type { Dispatcher } from 'undici';

/** What of an answer matters; its body does not. */
export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

const longestBody = 65_536;

/**
 * Posts a body and reads the answer to its end, so that the connection can be used again; a longer one than anybody
 * needs is cut off. Rejects when there is no answer, and with the signal's reason when that comes first.
 */
export function post(
  dispatcher: Dispatcher,
  url: URL,
  headers: Record<string, string>,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>();
  let answer: PostAnswer | undefined;
  let received = 0;
  let controller: Dispatcher.DispatchController | undefined;
  const abort = (): void => {
    const reason: unknown = signal.reason;
    const error = reason instanceof Error ? reason : new Error('aborted');
    controller?.abort(error);
    // Before there is a connection nobody else tells.
    reject(error);
  };
  signal.addEventListener('abort', abort, { once: true });
  dispatcher.dispatch(
    { origin: url.origin, path: url.pathname + url.search, method: 'POST', headers, body },
    {
      onRequestStart(started) {
        controller = started;
        if (signal.aborted) abort();
      },
      onResponseStart(_controller, status, fields) {
        answer = { status, retryAfter: [fields['retry-after']].flat()[0] };
      },
      onResponseData(current, chunk) {
        received += chunk.length;
        if (received > longestBody) current.abort(new Error('the answer is too long'));
      },
      onResponseEnd() {
        if (answer !== undefined) resolve(answer);
      },
      onResponseError(_controller, error) {
        if (answer !== undefined && received > longestBody) resolve(answer);
        else reject(error);
      },
    },
  );
  return promise.finally(() => signal.removeEventListener('abort', abort));
}
