import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { PushEngine, PushHost } from '../push/index.ts';
import { grantsOf, privilegesFor } from './acl/grants.ts';
import type { DavContext } from './context.ts';
import { createCredentials } from './http/credentials.ts';
import { createLogger } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import { createPacer } from './observe/pacer.ts';
import type { Observer } from './observe/observer.ts';
import { listen } from './http/listen.ts';
import {
  answerRequest,
  endpointPath,
  registrationPath,
  type Outcome,
  type Service,
} from './http/serve-request.ts';
import { queued, retryAfter, type AcceptOptions } from './http/waiting-room.ts';
import { writeAnswer } from './http/write-answer.ts';
import { createLockTable } from './locks/lock-table.ts';
import { createDataCache } from './objects/data-cache.ts';
import { defaultLimits, type DavServerOptions } from './options.ts';
import { syncTokenAt } from './properties/sync-token.ts';
import { createRefresher } from './scheduling/refresh.ts';
import { applyShares } from './sharing/share.ts';
import { createFragmentCache } from './methods/fragment-cache.ts';
import { createListingCache } from './methods/listing-cache.ts';
import { openStore, type Store } from './store/store.ts';
import { createMemberCache } from './tree/member-cache.ts';
import { provisionTrunk, provisionUser } from './tree/provision.ts';

export interface DavServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the CalDAV and CardDAV server.
 * @throws DavpulseError DAVPULSE_PORT_IN_USE, DAVPULSE_FILE_UNREADABLE
 */
export async function startDavServer(options: DavServerOptions): Promise<DavServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const store = openStore(options.db);
  const now = (): number => Date.now();
  provisionTrunk(store, now());
  store.transaction(() => {
    for (const { name } of options.users) provisionUser(store, name, now());
    applyShares(store, options.shares ?? [], now());
    store.log.prune(now() - limits.syncHistoryMs);
  });
  const credentials = createCredentials(store.accounts, options.users);
  const push = options.createPushEngine?.(store.db, createPushHost(store));
  const refresher = createRefresher();
  const context: DavContext = {
    store,
    limits,
    push,
    locks: createLockTable(),
    refresher,
    listings: createListingCache(),
    fragments: createFragmentCache(),
    data: createDataCache(),
    members: createMemberCache(store),
    pace: options.pacing === undefined ? undefined : createPacer(options.pacing),
    now,
  };
  const tls = options.tls === 'self-signed' ? await makeCertificate(options.host) : options.tls;
  let connections = (): number => 0;
  const metrics = createMetrics(() => connections(), push);
  const logger = options.log === undefined ? undefined : createLogger(options.log, now);
  const observe: Observer = (served) => {
    metrics.observe(served);
    logger?.(served);
  };
  const service: Service = { context, credentials, secure: tls !== undefined, metrics };
  try {
    const { host, port } = options;
    const listener = await listen(
      { host, port, tls, requestTimeoutMs: limits.requestTimeoutMs },
      createListener(service, observe, options.accept),
    );
    connections = listener.connections;
    const persisted = options.db === ':memory:' ? Promise.resolve() : credentials.persist();
    return {
      url: listener.url,
      port: listener.port,
      close: async () => {
        refresher.close();
        await Promise.all([listener.close(), persisted]);
        await shut(store, push);
      },
    };
  } catch (error) {
    await shut(store, push);
    throw error;
  }
}

/** Making certificates needs much that a server with one of its own, or without TLS, never loads. */
async function makeCertificate(host: string): Promise<{ key: string; cert: string }> {
  const { selfSigned } = await import('./http/certificate.ts');
  return selfSigned(host);
}

async function shut(store: Store, push: PushEngine | undefined): Promise<void> {
  await push?.close();
  store.close();
}

function createListener(service: Service, observe: Observer, accept?: AcceptOptions): RequestListener {
  const ended = (request: IncomingMessage, response: ServerResponse, startMs: number) => {
    const observed = (outcome: Outcome, bytesDown: number): void =>
      observe({ request, outcome, bytesDown, durationMs: performance.now() - startMs });
    return (outcome: Outcome): void => {
      const { answer } = outcome;
      const sent = answer === undefined ? 0 : writeAnswer(response, answer, request.method === 'HEAD');
      if (!request.complete) request.resume();
      if (typeof sent === 'number') observed(outcome, sent);
      else void sent.then((bytesDown) => observed(outcome, bytesDown));
    };
  };
  const serve: RequestListener = (request, response) => {
    const end = ended(request, response, performance.now());
    const fail = (): void => end({ answer: { status: 500 }, user: undefined, bytesUp: 0 });
    answerRequest(service, request, response).then(end).catch(fail);
  };
  if (accept === undefined) return serve;
  const refusal: Outcome = {
    answer: { status: 503, headers: { 'retry-after': retryAfter(accept) }, body: 'too busy\n' },
    user: undefined,
    bytesUp: 0,
  };
  return queued(serve, (request, response) => ended(request, response, performance.now())(refusal), accept);
}

function createPushHost(store: Store): PushHost {
  return {
    registrationPath,
    endpointPath,
    syncToken: (id) => {
      const node = store.nodes.byId(id);
      return node && syncTokenAt(store, node, node.revision);
    },
    mayRead: (user, id) => {
      const node = store.nodes.byId(id);
      if (node === undefined) return false;
      return (
        node.owner === user ||
        store.nodes.sharesOf(id).some(({ owner }) => owner === user) ||
        privilegesFor(grantsOf(store, node), user).has('read')
      );
    },
  };
}
