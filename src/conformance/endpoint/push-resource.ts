import type { IncomingHttpHeaders } from 'node:http';
import { createPushKeys, type PushKeys } from '../../client/index.ts';

/** One request that came to a push resource, exactly as it came. */
export interface Received {
  /** Epoch ms. */
  readonly at: number;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Headers as name, value, name, value: repeated lines are still apart here. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What a push resource answers; `hang` answers nothing, `reset` breaks the connection. */
export type Behaviour =
  | 'hang'
  | 'reset'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export const accepted: Behaviour = { status: 201, headers: { ttl: '60', location: '/message/1' } };

/** A push resource of the suite: it notes what it gets, and answers as it is told. */
export class PushResource {
  readonly url: string;
  /** Of the subscription; replaced when a check renews the subscription's keys. */
  keys: PushKeys = createPushKeys();
  readonly received: Received[] = [];
  /** Says what the request with this place (from 0) gets. */
  behave: (place: number) => Behaviour = () => accepted;
  readonly #waiting = new Set<() => void>();

  constructor(url: string) {
    this.url = url;
  }

  take(received: Received): Behaviour {
    this.received.push(received);
    for (const look of this.#waiting) look();
    return this.behave(this.received.length - 1);
  }

  /** Resolves with the first request that satisfies `wanted`; undefined when none comes within `ms`. */
  async find(
    wanted: (received: Received, place: number) => boolean,
    ms: number,
    signal: AbortSignal,
  ): Promise<Received | undefined> {
    const { promise, resolve } = Promise.withResolvers<Received | undefined>();
    const look = (): void => {
      const found = this.received.find(wanted);
      if (found !== undefined) resolve(found);
    };
    const giveUp = (): void => resolve(undefined);
    const timer = setTimeout(giveUp, ms);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.add(look);
    look();
    const found = await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    this.#waiting.delete(look);
    signal.throwIfAborted();
    return found;
  }
}
