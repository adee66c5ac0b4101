/** How a client keeps a collection up to date: the part of a client profile that its requests follow from. */
export interface SyncHabits {
  /** Asked before anything else: nothing, each collection's token, or the tokens of the whole home at once. */
  readonly check: 'none' | 'sync-token' | 'home';
  /** How changes are found: by report, by the ETags of everything, or by those of the recent past and the future. */
  readonly report: 'sync-collection' | 'list' | 'query';
  /** The report carries the bodies, so that no multiget follows. */
  readonly inline: boolean;
  /** Objects fetched by one multiget. */
  readonly multigetBatch: number;
  /** Multigets under way at once. */
  readonly concurrency: number;
  /** The check by token asks for the interval that the server wants, too. */
  readonly asksPace?: boolean;
}
