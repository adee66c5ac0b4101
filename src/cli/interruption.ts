/** Thrown as the reason of the abort that Ctrl-C causes. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A signal that Ctrl-C or SIGTERM aborts; a second one ends the process at once. Dispose to listen no more. */
export function interruption(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}
