/** Resolves when the process is asked to stop: Ctrl-C or SIGTERM. */
export const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
