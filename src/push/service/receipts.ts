import type { ServerHttp2Stream } from 'node:http2';
import type { MessageStore, Receipt } from './message-store.ts';
import { newToken } from './token.ts';

const lifetimeMs = 30 * 86_400_000;

/** Receipt subscriptions (RFC 8030 sections 5.1 and 6.3): senders learn what became of their messages. */
export interface Receipts {
  /** A new receipt subscription. */
  add(): string;
  known(token: string): boolean;
  remove(token: string): boolean;
  /** Tells a sender that listens now, or keeps it for later. */
  tell(receipt: Receipt): void;
  /** A sender listens; what was kept comes at once. */
  listen(token: string, stream: ServerHttp2Stream): void;
}

export function createReceipts(store: MessageStore, now: () => number): Receipts {
  const listeners = new Map<string, ServerHttp2Stream>();

  const push = (stream: ServerHttp2Stream, { message, status }: Receipt): void => {
    stream.pushStream({ ':path': `/message/${message}` }, (error, pushed) => {
      if (error !== null) return;
      pushed.respond({ ':status': status, date: new Date(now()).toUTCString() }, { endStream: true });
    });
  };

  return {
    add() {
      const token = newToken();
      store.addReceiptSubscription(token, now() + lifetimeMs);
      return token;
    },
    known: (token) => store.hasReceiptSubscription(token, now()),
    remove(token) {
      listeners.get(token)?.close();
      return store.removeReceiptSubscription(token);
    },
    tell(receipt) {
      const stream = listeners.get(receipt.subscription);
      if (stream?.pushAllowed === true) push(stream, receipt);
      else store.keepReceipt(receipt);
    },
    listen(token, stream) {
      listeners.set(token, stream);
      stream.on('close', () => {
        if (listeners.get(token) === stream) listeners.delete(token);
      });
      for (const receipt of store.takeReceipts(token)) push(stream, receipt);
    },
  };
}
