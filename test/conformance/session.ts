import { basicCredentials, Connection, type Session } from '../../src/client/index.ts';

/** A client of the server beside the suite. */
export function openSession(
  origin: string,
  { name, password }: { readonly name: string; readonly password: string },
): { readonly session: Session } & AsyncDisposable {
  const connection = new Connection({
    origin,
    keepAliveMs: 5000,
    timeoutMs: 10_000,
    verifyCertificate: false,
  });
  const session = { connection, credentials: basicCredentials(name, password), now: () => performance.now() };
  return { session, [Symbol.asyncDispose]: () => connection.close() };
}
