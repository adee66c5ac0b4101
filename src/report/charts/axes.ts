interface Ticks {
  readonly values: number[];
  readonly labelExpr: string;
}

/** Ticks at the durations people think in, for logarithmic axes in milliseconds. */
export const durationAxis: Ticks = {
  values: [1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 14_400_000, 86_400_000],
  labelExpr:
    "datum.value < 1000 ? datum.value + ' ms' : datum.value < 60000 ? datum.value / 1000 + ' s' : " +
    "datum.value < 3600000 ? datum.value / 60000 + ' min' : datum.value < 86400000 ? datum.value / 3600000 + ' h' : " +
    "datum.value / 86400000 + ' d'",
};

/** Ticks at even distances for a linear axis in milliseconds. */
export function evenDurationAxis(shown: readonly number[]): Ticks {
  const span = Math.max(...shown);
  const steps = [1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 7_200_000, 14_400_000, 86_400_000];
  const step =
    steps.find((candidate) => span / candidate <= 12) ?? 86_400_000 * Math.ceil(span / (12 * 86_400_000));
  const values = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
  return { values, labelExpr: `datum.value === 0 ? '0' : ${durationAxis.labelExpr}` };
}

const powersOfTen = Array.from({ length: 14 }, (_, index) => 10 ** (index - 4));
const finely = powersOfTen.flatMap((power) => [power, 2 * power, 5 * power]);

/** Ticks with SI prefixes for a logarithmic axis over these values: powers of ten, and finer ones over short ranges. */
export const powerAxis = (shown: readonly number[]): Ticks => ({
  values: Math.max(...shown) > 30 * Math.min(...shown) ? powersOfTen : finely,
  labelExpr:
    "datum.value < 1000 ? format(datum.value, '~r') : datum.value < 1000000 ? format(datum.value / 1000, '~r') + ' k' : " +
    "format(datum.value / 1000000, '~r') + ' M'",
});

/** Room on both sides of the values of a logarithmic axis. */
export function logDomain(values: readonly number[], below: number, above: number): [number, number] {
  const positive = values.filter((value) => value > 0);
  return [Math.min(...positive) / below, Math.max(...positive) * above];
}
