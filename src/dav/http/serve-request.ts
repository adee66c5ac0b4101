import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DavContext } from '../context.ts';
import { fullDavHeader } from '../methods/allowed.ts';
import { handlers } from '../methods/registry.ts';
import { refusalAnswer, type Answer } from './answer.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Credentials } from './credentials.ts';
import type { Exchange } from './exchange.ts';
import { readPreferences } from './preferences.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

export const registrationPath = '/push/registrations/';
export const endpointPath = '/push/';

const challenge: Answer = {
  status: 401,
  headers: {
    'www-authenticate': 'Basic realm="davpulse", charset="UTF-8"',
    'content-type': 'text/plain; charset=utf-8',
  },
  body: 'log in\n',
};

/** How a request ended, for logs and metrics. */
export interface Outcome {
  readonly answer: Answer | undefined;
  readonly user: string | undefined;
  readonly bytesUp: number;
}

export interface Service {
  readonly context: DavContext;
  readonly credentials: Credentials;
  readonly secure: boolean;
  readonly metrics: Metrics;
}

/** Answers one request. Whatever a client sends, the answer is an answer: faults of the server alone give 500. */
export async function answerRequest(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Outcome> {
  let user: string | undefined;
  let body: Buffer | undefined;
  const outcome = (answer: Answer | undefined): Outcome => ({
    answer,
    user,
    bytesUp: body?.length ?? 0,
  });
  try {
    const target = parseTarget(request.url ?? '/');
    const open = openAnswer(service, request, target);
    if (open !== undefined) return outcome(open);
    if (request.url === '/metrics' && isLoopback(request.socket.remoteAddress))
      return outcome(await metricsAnswer(service));
    user = await service.credentials.check(request.headers.authorization);
    if (user === undefined) return outcome(challenge);
    if (request.url === '/metrics') return outcome(await metricsAnswer(service));
    if (servedByPush(service, user, request, response)) return outcome(undefined);
    requirePlain(request);
    body = await readBody(request, bodyLimit(service.context, request, target));
    return outcome(dispatch(service, { request, target, user, body }));
  } catch (error) {
    if (error instanceof Refusal) return outcome(refusalAnswer(error));
    throw error;
  }
}

/** What needs no authentication. */
function openAnswer(
  service: Service,
  { method = '', url }: IncomingMessage,
  { segments }: RequestTarget,
): Answer | undefined {
  if (segments[0] === '.well-known' && (segments[1] === 'caldav' || segments[1] === 'carddav')) {
    return { status: 301, headers: { location: '/', 'cache-control': 'no-cache' } };
  }
  if (method === 'OPTIONS' && (url === '*' || segments.length === 0)) {
    return {
      status: 200,
      headers: { dav: fullDavHeader(service.context), allow: [...handlers.keys()].join(', ') },
    };
  }
  return undefined;
}

function servedByPush(
  { context }: Service,
  user: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const path = (request.url ?? '').split('?')[0];
  const endpoint = context.push?.endpoints.find((candidate) => candidate.path === path);
  endpoint?.serve(user, request, response);
  return endpoint !== undefined;
}

/** Bodies are stored as they come, so none may be packed (RFC 9110 section 8.4). @throws Refusal 415 */
function requirePlain({ headers }: IncomingMessage): void {
  if (!/\b(?:gzip|deflate|br|compress|zstd)\b/i.test(headers['content-encoding'] ?? '')) return;
  throw new Refusal(415, 'bodies must not be encoded', undefined, { 'accept-encoding': 'identity' });
}

function bodyLimit({ limits }: DavContext, { method }: IncomingMessage, { segments }: RequestTarget): number {
  if (method !== 'PUT' && method !== 'POST') return limits.maxXmlBytes;
  // A little more than an object may have, so that the answer can name the precondition it breaks.
  return segments[0] === 'files'
    ? limits.maxFileBytes
    : Math.max(limits.maxXmlBytes, limits.maxResourceBytes);
}

interface Read {
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly user: string;
  readonly body: Buffer;
}

function dispatch({ context, secure }: Service, { request, target, user, body }: Read): Answer {
  const { headers, method = 'GET' } = request;
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path.startsWith(registrationPath) && context.push !== undefined) {
    if (method !== 'DELETE')
      throw new Refusal(405, 'a registration can be deleted', undefined, { allow: 'DELETE' });
    return context.push.unregister(user, path.slice(registrationPath.length));
  }
  const handler = handlers.get(method);
  if (handler === undefined) throw new Refusal(501, `${method} is not served`);
  const exchange: Exchange = {
    method,
    headers,
    ...target,
    user,
    body,
    origin: `${secure ? 'https' : 'http'}://${headers.host ?? String(headers[':authority'] ?? 'localhost')}`,
    preferences: readPreferences(headers),
    dontNotify: [headers['push-dont-notify'] ?? []].flat(),
  };
  return handler(context, exchange);
}

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);

async function metricsAnswer({ metrics }: Service): Promise<Answer> {
  return { status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() };
}
