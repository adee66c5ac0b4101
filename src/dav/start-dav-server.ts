import type { RequestListener } from 'node:http';
import type { PushEngine, PushHost } from '../push/index.ts';
import type { DavContext } from './context.ts';
import { selfSigned } from './http/certificate.ts';
import { createCredentials } from './http/credentials.ts';
import { listen } from './http/listen.ts';
import { answerRequest, endpointPath, registrationPath, type Service } from './http/serve-request.ts';
import { writeAnswer } from './http/write-answer.ts';
import { createLockTable } from './locks/lock-table.ts';
import { defaultLimits, type DavServerOptions } from './options.ts';
import { syncTokenAt } from './properties/sync-token.ts';
import { openStore, type Store } from './store/store.ts';
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
  const store = openStore(options.db);
  const now = (): number => Date.now();
  provisionTrunk(store, now());
  store.transaction(() => {
    for (const { name } of options.users) provisionUser(store, name, now());
  });
  const credentials = createCredentials(store.accounts, options.users);
  const push = options.createPushEngine?.(store.db, createPushHost(store));
  const limits = { ...defaultLimits, ...options.limits };
  const context: DavContext = { store, limits, push, locks: createLockTable(), now };
  const tls = options.tls === 'self-signed' ? await selfSigned(options.host) : options.tls;
  const service: Service = { context, credentials, secure: tls !== undefined };
  try {
    const { host, port } = options;
    const listener = await listen(
      { host, port, tls, requestTimeoutMs: limits.requestTimeoutMs },
      createListener(service),
    );
    const persisted = options.db === ':memory:' ? Promise.resolve() : credentials.persist();
    return {
      url: listener.url,
      port: listener.port,
      close: async () => {
        await Promise.all([listener.close(), persisted]);
        await shut(store, push);
      },
    };
  } catch (error) {
    await shut(store, push);
    throw error;
  }
}

async function shut(store: Store, push: PushEngine | undefined): Promise<void> {
  await push?.close();
  store.close();
}

const createListener =
  (service: Service): RequestListener =>
  (request, response) => {
    const fail = (): void => writeAnswer(response, { status: 500 }, false);
    answerRequest(service, request, response).then(({ answer }) => {
      if (answer === undefined) return;
      writeAnswer(response, answer, request.method === 'HEAD');
      if (!request.complete) request.resume();
    }, fail);
  };

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
      return node.owner === user || store.nodes.sharesOf(id).some(({ owner }) => owner === user);
    },
  };
}
