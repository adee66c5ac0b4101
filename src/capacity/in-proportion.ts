const wholeBudgetMs = 1000;

/** As many as are enough for a measurement; fewer, in proportion, for a glance that is given less than a second. */
export const inProportion = (enough: number, budgetMs: number): number =>
  Math.max(1, Math.min(enough, Math.ceil((enough * budgetMs) / wholeBudgetMs)));
