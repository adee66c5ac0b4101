/**
 * The whole number nearest to a non-negative one below 2^51, as `Math.round` gives it. The compiler makes of that a
 * branch on which side of the half the value lies: on drawn values it is foreseen wrongly every other time, which takes
 * longer than the draw itself.
 */
export const nearest = (value: number): number => Math.floor(value + 0.5);
