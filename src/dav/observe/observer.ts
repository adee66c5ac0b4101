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
  /** Of the answer's body; 0 when an endpoint of push answers by itself. */
  readonly bytesDown: number;
  readonly durationMs: number;
}

export type Observer = (served: Served) => void;
