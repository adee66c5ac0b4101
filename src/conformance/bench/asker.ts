import { Agent, request } from 'undici';
import { entry, type Transcript } from './transcript.ts';

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Ask {
  readonly method: string;
  /** Path on the server, or a whole URL of it. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Sends no credentials. */
  readonly anonymous?: true;
}

/** Sends requests as one user. */
export interface Asker {
  readonly user: string;
  ask(request: Ask): Promise<Reply>;
}

export interface Login {
  readonly name: string;
  readonly password: string;
}

/** The connections to one server, shared by everything that asks it. */
export interface Wire {
  readonly origin: string;
  readonly agent: Agent;
  /** Without an answer for this long a request fails, ms. */
  readonly timeoutMs: number;
}

export const openWire = (origin: string, verifyCertificate: boolean, timeoutMs: number): Wire => ({
  origin,
  timeoutMs,
  agent: new Agent({ connections: 16, connect: { rejectUnauthorized: verifyCertificate } }),
});

/** Asks as `login`; all that goes over the wire is noted. Rejects when no whole answer comes. */
export const createAsker = (wire: Wire, login: Login, transcript: Transcript): Asker => ({
  user: login.name,
  async ask({ method, target, headers = {}, body, anonymous }) {
    const url = new URL(target, wire.origin);
    const authorization = `Basic ${Buffer.from(`${login.name}:${login.password}`).toString('base64')}`;
    const sent = {
      'user-agent': 'davpulse-conformance/1',
      ...(anonymous === true ? {} : { authorization }),
      ...headers,
    };
    transcript.push(entry('client', `${method} ${url.pathname}${url.search}`, sent, body ?? ''));
    const answer = await request(url, {
      dispatcher: wire.agent,
      method,
      headers: sent,
      headersTimeout: wire.timeoutMs,
      bodyTimeout: wire.timeoutMs,
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.body.text();
    transcript.push(entry('server', String(answer.statusCode), answer.headers, text));
    return { status: answer.statusCode, headers: answer.headers, text };
  },
});
