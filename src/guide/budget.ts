/** Shares of the battery a day that someone might grant to polling, %. */
export const budgets = [1, 2, 5] as const;

/** The share that the advice takes as granted, %; a choice, not a finding. */
export const [, granted] = budgets;
