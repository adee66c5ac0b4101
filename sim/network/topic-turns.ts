/**
 * Turns of messages that a throttle lets wait. A message of a topic that waits is replaced by a newer one (RFC 8030
 * section 5.4), which takes over its turn: otherwise a busy calendar would queue messages for hours that say nothing.
 * `Key` is one topic of one subscription; times are ticks.
 */
export class TopicTurns<Key> {
  private readonly turns = new Map<Key, number>();

  /** When a message of the topic passes that comes at `tick`; `pass` asks for a turn of its own. */
  passesAt(key: Key, tick: number, pass: () => number): number {
    const turn = this.turns.get(key) ?? -Infinity;
    if (turn > tick) return turn;
    const passes = pass();
    if (passes > tick && passes < Infinity) this.turns.set(key, passes);
    else this.turns.delete(key);
    return passes;
  }
}
