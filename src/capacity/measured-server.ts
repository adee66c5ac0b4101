import { ownProcessors, startBundledServer, type ServerUser, type Target } from '../live/index.ts';

/** Starts the bundled server to be measured, on a processor of its own where there is one; it ends with the stack. @throws DavpulseError when it does not come up */
export async function startMeasuredServer(
  spec: Parameters<typeof startBundledServer>[0],
  users: readonly ServerUser[],
  signal: AbortSignal,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(spec, users, signal);
  stack.defer(stop);
  ownProcessors(pid, stack);
  return { origin: new URL(url).origin, basePath: '/', users, pushServiceUrl, pid };
}
