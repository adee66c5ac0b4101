/** Whether somebody started this process who would be missed: read at once, since they may be gone before they are waited for. */
const isLedByParent = process.connected;

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Resolves when the process is asked to stop: Ctrl-C or SIGTERM, or, of a process that was started with a channel to
 * its parent, the end of that parent, however it came.
 */
export const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      // A listener keeps the channel, and with it the process, alive.
      process.off('disconnect', stop);
      resolve();
    };
    for (const signal of signals) process.once(signal, stop);
    if (!isLedByParent) return;
    if (process.connected) process.once('disconnect', stop);
    else stop();
  });
