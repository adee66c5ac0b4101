/** Policies down the side, in the order of the study. */
export const policyAxis = (rows: readonly { readonly label: string }[]) =>
  ({
    field: 'label',
    type: 'nominal',
    sort: [...new Set(rows.map(({ label }) => label))],
    axis: { title: null },
  }) as const;

/** Height that gives each policy a line of its own, px. */
export const policyHeight = (policies: number): number => 32 * Math.max(2, policies);
