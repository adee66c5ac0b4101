import type { Importance } from '../importance.ts';

/**
 * What the server sends and when. Asked once per change and subscription; the caller merges every change that
 * comes before the message leaves. The simulator and the server's outbox run the very same code.
 */
export interface PushPolicy {
  readonly kind: string;
  /** Whether the device that wrote a change is told of it as well; absent for no. */
  readonly selfEcho?: boolean;
  /** Whether it uses `memory`; the caller need not keep it otherwise. */
  readonly remembers?: boolean;
  /**
   * When the message that carries this change is due, in ms on the caller's clock: `Infinity` to send none.
   * A later answer for the same pending message replaces the earlier one.
   */
  due(moment: PushMoment): number;
  /** Headers of the message (RFC 8030 sections 5.2 to 5.4) for the highest importance merged into it. */
  message(importance: Importance): {
    readonly urgency: Urgency;
    readonly ttlSeconds: number;
    readonly topic: boolean;
  };
}

export type Urgency = 'very-low' | 'low' | 'normal' | 'high';

export interface PushMoment {
  /** Commit time of the change. */
  now: number;
  /** The highest importance among this change and those already pending. */
  importance: Importance;
  /** Commit time of the first change in the pending message; equals `now` when this change opens it. */
  firstAt: number;
  /** When the pending message is due so far; `NaN` when this change opens it. */
  dueAt: number;
  /** When this subscription was last sent a message; `-Infinity` for never. */
  lastSentAt: number;
  /** Place of this subscription among those that the change concerns, from 0. */
  rank: number;
  /** How long a message that the server takes up now would wait for the work before it, ms; absent for not at all. */
  backlogMs?: number;
  /** This subscription's own number, 0 at first; the policy may read and replace it. */
  memory?: number;
}
