import { setTimeout } from 'node:timers/promises';

/** A way to the server that is longer than the machine's own: what requests and answers take on it, ms and Mbit/s. */
export interface Way {
  /** Drawn for each request. */
  readonly roundTripMs: () => number;
  readonly mbpsUp: number;
  readonly mbpsDown: number;
  /** Round trips that a new connection takes before its first request. */
  readonly connectRoundTrips: number;
}

const transferMs = (bytes: number, mbps: number): number => (bytes * 8) / (mbps * 1000);

/**
 * Sends over a way: half of a round trip passes before the request leaves and half before its answer is there. Only
 * with the answer it is known whether a connection was opened for it; what that takes passes then.
 */
export async function overWay<Answer extends { readonly bytes: { readonly down: number } }>(
  { roundTripMs, mbpsUp, mbpsDown, connectRoundTrips }: Way,
  bodyBytes: number,
  send: () => Promise<Answer>,
  isNewConnection: () => boolean,
): Promise<Answer> {
  const tripMs = roundTripMs();
  await setTimeout(tripMs / 2 + transferMs(bodyBytes, mbpsUp));
  const answer = await send();
  const openingMs = isNewConnection() ? connectRoundTrips * tripMs : 0;
  await setTimeout(tripMs / 2 + transferMs(answer.bytes.down, mbpsDown) + openingMs);
  return answer;
}
