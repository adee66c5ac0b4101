import type { Kind } from './dav.ts';

/** How often something begins: a count over the whole time, and its share by equal slices of it. */
export interface Arrivals {
  readonly count: number;
  readonly shares: readonly number[];
}

/** Everything that the scenario says; the export puts its numbers here. */
export interface Settings {
  readonly scenario: string;
  readonly durationSeconds: number;
  readonly groups: readonly {
    readonly name: string;
    readonly devices: number;
    readonly contacts: Arrivals;
    /** The contacts follow the clock, so that how late a device learns of a change is that of the scenario. */
    readonly polls: boolean;
    readonly check: 'none' | 'sync-token' | 'home';
    readonly report: 'sync-collection' | 'list';
    readonly inline: boolean;
    readonly multigetBatch: number;
  }[];
  readonly collections: readonly {
    readonly name: string;
    readonly kind: Kind;
    readonly objects: number;
    readonly objectBytes: number;
    readonly writes: Arrivals;
    /** The first and the number of this group's collections. */
    readonly first: number;
    readonly count: number;
  }[];
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
}

// <settings>
export const settings: Settings = {
  scenario: 'empty',
  durationSeconds: 1,
  groups: [],
  collections: [],
  thresholds: {},
};
// </settings>

export type Group = Settings['groups'][number];
