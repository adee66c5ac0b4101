import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Wire } from './wire.ts';

/** A request on its way to the server; what is changed here is what the server sees. */
export interface FrontRequest {
  readonly method: string;
  path: string;
  /** Name, value, name, value, as they came. */
  headers: string[];
  body: string;
}

export interface FrontAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** What stands before the server's HTTP. */
export interface FrontDefect {
  /** Changes the request, or answers it in the server's place. */
  request?(asked: FrontRequest): FrontAnswer | undefined;
  answer?(answer: FrontAnswer, asked: FrontRequest): void;
  /** Holds a write's answer, and the writes to the same collection behind it, until its messages are sent, but no longer than this. */
  readonly holdMs?: number;
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);
const writes = new Set(['PUT', 'DELETE', 'PROPPATCH']);

/** Starts it on a free port of 127.0.0.1. */
export async function startFront(
  target: string,
  defect: FrontDefect,
  handedOver: Wire['handedOver'] | undefined,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const agent = new Agent({ connections: 32 });
  const turns = new Map<string, Promise<unknown>>();

  const pass = async (asked: FrontRequest): Promise<FrontAnswer> => {
    const reply = await request(target + asked.path, {
      dispatcher: agent,
      method: asked.method,
      headers: asked.headers,
      ...(asked.body === '' ? {} : { body: asked.body }),
    });
    const headers: FrontAnswer['headers'] = {};
    for (const [name, value] of Object.entries(reply.headers)) {
      if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
    }
    return { status: reply.statusCode, headers, body: await reply.body.text() };
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked: FrontRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '/',
      headers: passedOn(incoming.rawHeaders),
      body: await textOf(incoming),
    };
    const send = async (): Promise<FrontAnswer> => {
      const answer = defect.request?.(asked) ?? (await pass(asked));
      defect.answer?.(answer, asked);
      return answer;
    };
    let answer: FrontAnswer;
    if (defect.holdMs !== undefined && writes.has(asked.method)) {
      const mostMs = defect.holdMs;
      const folder = asked.path.slice(0, asked.path.lastIndexOf('/') + 1);
      const held = (turns.get(folder) ?? Promise.resolve()).then(async () => {
        const before = handedOver?.(folder);
        const done = await send();
        await untilSent(() => handedOver?.(folder), before, mostMs);
        return done;
      });
      turns.set(
        folder,
        held.catch(() => {}),
      );
      answer = await held;
    } else answer = await send();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.destroy();
    },
  };
}

const pollMs = 10;

/** Until a message more than `before` has been handed over. */
async function untilSent(
  handedOver: () => ReturnType<Wire['handedOver']> | undefined,
  before: ReturnType<Wire['handedOver']> | undefined,
  mostMs: number,
): Promise<void> {
  const end = Date.now() + mostMs;
  for (;;) {
    const now = handedOver();
    const sent = now !== 'busy' && now !== before;
    if (now === 'unwatched' || now === undefined || sent || Date.now() >= end) return;
    await delay(pollMs);
  }
}

function passedOn(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
