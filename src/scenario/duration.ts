import { z } from 'zod';

const unitsMs = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

const pattern = /^(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)$/;
const isUnit = (text: string | undefined): text is Unit => text !== undefined && Object.hasOwn(unitsMs, text);

/** Milliseconds of a text such as `15 min` or `250 ms`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = pattern.exec(text.trim()) ?? [];
  return isUnit(unit) ? Number(digits) * unitsMs[unit] : undefined;
}

/** The shortest text for a time: `90 s`, `4 h`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    if (ms >= unitsMs[unit] && Number.isInteger(ms / unitsMs[unit])) return `${ms / unitsMs[unit]} ${unit}`;
  }
  return `${ms} ms`;
}

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const outside = (value: number, { min = 0, max = Infinity }: Range): boolean => value < min || value > max;

/** A duration of a scenario file, in ms once parsed. Bounds are in ms. */
export function durationSchema(range: Range = {}) {
  const bounds = [
    ...(range.min === undefined || range.min === 0 ? [] : [`at least ${formatDuration(range.min)}`]),
    ...(range.max === undefined || range.max === Infinity ? [] : [`at most ${formatDuration(range.max)}`]),
  ].join(' and ');
  const expected = `expected a duration such as "15 min", "3 s" or "250 ms"${bounds === '' ? '' : `, ${bounds}`}`;
  return z
    .string({ error: expected })
    .meta({ pattern: pattern.source, examples: ['15 min', '3 s'] })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && !outside(ms, range)) return ms;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    });
}
