import { startDavServer } from '../../dav/index.ts';
import { createPushEngine, lenient, strict, type PushEngine } from '../../push/index.ts';
import type { Login } from '../bench/asker.ts';
import { startBundledApple } from './bundled-apple.ts';
import type { Defect } from './defect.ts';
import { startFront } from './front.ts';
import { startWire } from './wire.ts';

export interface BundledOptions {
  /** Forgives nothing that the draft does not allow. */
  readonly strict: boolean;
  readonly defect?: Defect;
  /** Merge window of its push policy, ms. */
  readonly windowMs: number;
}

export interface BundledServer extends AsyncDisposable {
  readonly url: string;
  readonly login: Login;
  readonly other: Login;
  rotateKeys(): Promise<unknown>;
}

const ttlSeconds = 86_400;
/** Short, so that push services that hang are given up while a check looks on. */
const attemptMs = 3000;

/** Starts the bundled server in this process, whole or with one defect, for the suite to look at. */
export async function startBundledServer(options: BundledOptions): Promise<BundledServer> {
  const { defect } = options;
  await using stack = new AsyncDisposableStack();
  const login = { name: 'conformance', password: crypto.randomUUID() };
  const other = { name: 'other', password: crypto.randomUUID() };
  const engines: PushEngine[] = [];
  const apple = await startBundledApple();
  stack.defer(() => apple.close());
  const wire = defect?.wire === undefined ? undefined : await startWire(defect.wire);
  if (wire !== undefined) stack.defer(() => wire.close());
  const server = await startDavServer({
    host: '127.0.0.1',
    port: 0,
    db: ':memory:',
    users: [login, other],
    createPushEngine: (db, host) => {
      const made = createPushEngine({
        db,
        host: defect?.host?.(host) ?? host,
        policy: defect?.policy ?? {
          kind: 'window',
          windowMs: options.windowMs,
          ttlSeconds,
          topic: 1,
        },
        allowLoopback: true,
        strictness: options.strict ? strict : lenient,
        apple: apple.settings,
        limits: { totalTimeoutMs: attemptMs },
      });
      wire?.learnKeys(db);
      const rewired = wire === undefined ? made : wire.through(made);
      const engine = defect?.engine?.(rewired) ?? rewired;
      engines.push(engine);
      return engine;
    },
  });
  stack.defer(() => server.close());
  const front =
    defect?.front === undefined
      ? undefined
      : await startFront(server.url, defect.front, wire && ((path) => wire.handedOver(path)));
  if (front !== undefined) stack.defer(() => front.close());
  const started = stack.move();
  return {
    url: front?.url ?? server.url,
    login,
    other,
    rotateKeys: () => Promise.all(engines.map((engine) => engine.rotateKeys())),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
