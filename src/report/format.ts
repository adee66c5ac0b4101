import type { Estimate, MetricUnit } from '../results/index.ts';

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const byteScales: readonly Scale[] = [
  { factor: 1e9, suffix: ' GB' },
  { factor: 1e6, suffix: ' MB' },
  { factor: 1000, suffix: ' kB' },
  { factor: 1, suffix: ' B' },
];

const scales: Readonly<Record<MetricUnit, readonly Scale[]>> = {
  ms: [
    { factor: 86_400_000, suffix: ' d' },
    { factor: 3_600_000, suffix: ' h' },
    { factor: 60_000, suffix: ' min' },
    { factor: 1000, suffix: ' s' },
    { factor: 1, suffix: ' ms' },
  ],
  share: [{ factor: 0.01, suffix: ' %' }],
  count: [{ factor: 1, suffix: '' }],
  'count/device-day': [{ factor: 1, suffix: '' }],
  bytes: byteScales,
  'bytes/device-day': byteScales,
  'J/device-day': [
    { factor: 1e6, suffix: ' MJ' },
    { factor: 1000, suffix: ' kJ' },
    { factor: 1, suffix: ' J' },
  ],
  '%/day': [{ factor: 1, suffix: ' %' }],
  'mAh/day': [{ factor: 1, suffix: ' mAh' }],
  '1/s': [{ factor: 1, suffix: '/s' }],
};

/** What follows the number, per device and day, in the head of a table; empty where the cell says it all. */
export const unitNotes: Readonly<Record<MetricUnit, string>> = {
  ms: '',
  share: '',
  count: '',
  'count/device-day': 'per device-day',
  bytes: '',
  'bytes/device-day': 'per device-day',
  'J/device-day': 'per device-day',
  '%/day': 'per day',
  'mAh/day': 'per day',
  '1/s': '',
};

/** The smallest unit is left when the next larger one would show less than 1. */
const scaleFor = (unit: MetricUnit, value: number): Scale => {
  const candidates = scales[unit];
  const found = candidates.find(({ factor }) => Math.abs(value) >= factor) ?? candidates.at(-1);
  if (found === undefined) throw new RangeError(`the unit ${unit} has no scale`);
  return found;
};

const grouped = (decimals: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** A number in three significant digits, without exponent: `1,234`, `12.3`, `0.0123`; whole numbers as they are. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return grouped(0).format(value);
  // Rounding may carry into a further digit: 9.999 is 10.0.
  const size = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (size >= digits - 1) return grouped(0).format(value);
  return value.toFixed(Math.min(8, digits - 1 - size));
}

/** A value with its unit: `4.20 s`, `7.50 min`, `12.3 kB`; a dash when there is none. */
export function formatValue(unit: MetricUnit, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'share') return formatShare(value);
  const { factor, suffix } = scaleFor(unit, value);
  return `${formatNumber(value / factor)}${value === 0 && unit !== '%/day' ? '' : suffix}`;
}

/** Shares near 1 keep the digits that tell them from 1. */
function formatShare(value: number): string {
  const percent = 100 * value;
  if (percent > 99 && percent < 100)
    return `${Math.min(99.999, percent).toFixed(3 - (percent < 99.9 ? 1 : 0))} %`;
  return `${formatNumber(percent)} %`;
}

/**
 * The half-width of an interval in the unit and with the decimals that `formatValue` takes for the mean, rounded
 * up so that the interval never looks narrower than it is.
 */
export function formatHalfWidth(unit: MetricUnit, value: Estimate): string {
  const half = value.halfWidth;
  if (half === undefined || !Number.isFinite(value.mean)) return '';
  if (half <= 1e-9 * Math.abs(value.mean)) return '±0';
  const decimals = /\.(\d+)/.exec(formatValue(unit, value.mean))?.[1]?.length ?? 0;
  const scaled = (half / scaleFor(unit, value.mean).factor) * 10 ** decimals;
  return `±${grouped(decimals).format(Math.ceil(scaled - 1e-9) / 10 ** decimals)}`;
}

/** `7.50 min ±0.12`. */
export const formatEstimate = (unit: MetricUnit, value: Estimate): string =>
  [formatValue(unit, value.mean), formatHalfWidth(unit, value)].filter((part) => part !== '').join(' ');

/** A relative difference with its sign: `+3.2 %`. */
export function formatGap(gap: number): string {
  if (!Number.isFinite(gap)) return '–';
  const percent = 100 * gap;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}
