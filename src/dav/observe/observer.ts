import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer.ts';

/** A request that was answered. */
export interface Served {
  readonly request: IncomingMessage;
  readonly outcome: {
    /** undefined when an endpoint of push answers by itself. */
    readonly answer: Answer | undefined;
    readonly user: string | undefined;
    readonly bytesUp: number;
  };
  readonly durationMs: number;
}

export type Observer = (served: Served) => void;

export const bytesDown = ({ body }: Answer): number =>
  body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
