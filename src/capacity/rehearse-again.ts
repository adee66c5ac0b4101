import { rehearse } from './rehearse.ts';
import type { WarmServer } from './run-warm.ts';

const roundsAgain = 100;

/**
 * The same as `rehearse` in short, for a server that waited while another was at work: V8 gives up compiled code meanwhile,
 * and a fleet's first minutes took up to a third more. @throws DavpulseError as `runLive` does
 */
export const rehearseAgain = (
  { server, like }: WarmServer,
  rounds: number,
  signal: AbortSignal,
): Promise<void> => rehearse(server, like, Math.min(roundsAgain, rounds), signal);

/** What turns to a server: it rehearses it again unless it was the last one that was turned to. */
export function turnsTo(rounds: number, signal: AbortSignal): (on: WarmServer) => Promise<void> {
  let last: WarmServer | undefined;
  return async (on) => {
    if (on !== last) await rehearseAgain(on, rounds, signal);
    last = on;
  };
}
