/** What the run made on the server and removes again, newest first. */
export interface Cleanup {
  /** Notes how to remove something; the paths are told to the person when that fails. */
  add(path: string, remove: () => Promise<unknown>): void;
  /** Removes everything. Gives the paths that are still there. */
  run(): Promise<string[]>;
}

const atOnce = 8;

export function createCleanup(): Cleanup {
  const made: { path: string; remove: () => Promise<unknown> }[] = [];
  return {
    add: (path, remove) => void made.push({ path, remove }),
    async run() {
      const left: string[] = [];
      const worker = async (): Promise<void> => {
        for (let last = made.pop(); last !== undefined; last = made.pop()) {
          const [outcome] = await Promise.allSettled([last.remove()]);
          if (outcome.status === 'rejected') left.push(last.path);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      return left;
    },
  };
}
