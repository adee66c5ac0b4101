/** The sum of a figure over all of them. */
export const sumOf = <Of>(all: readonly Of[], of: (one: Of) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0);
