import type { PushUserAgent } from '../client/index.ts';
import type { LiveDevice } from './device.ts';

interface Connected {
  readonly device: LiveDevice;
  readonly agent: PushUserAgent;
}

/** What passes between two looks at who is reachable is not seen, ms. */
const lookEveryMs = 100;

/** Takes push connections down while their devices are out of reach, so that the push service keeps their messages. */
export class AwayWatch {
  readonly #now: () => number;
  readonly #away = new Set<Connected>();
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(connected: readonly Connected[]): void {
    const leaving = connected.filter(({ device }) => !device.isAlwaysReachable);
    if (leaving.length === 0) return;
    this.#timer = setInterval(() => {
      for (const each of leaving) this.#look(each);
    }, lookEveryMs);
  }

  /** Everybody is back. */
  end(): void {
    clearInterval(this.#timer);
    for (const { agent } of this.#away) agent.wake();
    this.#away.clear();
  }

  #look(each: Connected): void {
    const now = this.#now();
    const isAway = each.device.onlineAt(now) > now;
    if (isAway === this.#away.has(each)) return;
    if (isAway) {
      this.#away.add(each);
      each.agent.rest();
    } else {
      this.#away.delete(each);
      each.agent.wake();
    }
  }
}
