import { z } from 'zod';
import { createSampler, streamKey, uniform, type Distribution } from '../../../sim/index.ts';

const ms = z.number().min(0);
const distribution: z.ZodType<Distribution> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: ms }),
  z.strictObject({ kind: z.literal('uniform'), min: ms, max: ms }),
  z.strictObject({ kind: z.literal('exponential'), mean: ms }),
  z.strictObject({ kind: z.literal('lognormal'), median: ms, p95: ms }),
]);

/** Which messages a fault strikes. */
const scope = {
  /** Probability for each message. */
  share: z.number().min(0).max(1).optional(),
  /** An endpoint's URL or its last part; every subscription when left out. */
  subscription: z.string().optional(),
  /** Between these times since the plan was set. */
  fromMs: ms.optional(),
  toMs: ms.optional(),
  /** From this place to before that among a subscription's messages, from 0. */
  fromMessage: z.int().min(0).optional(),
  toMessage: z.int().min(0).optional(),
};

const rule = z.discriminatedUnion('fault', [
  /** Accepted, then gone without trace. */
  z.strictObject({ fault: z.literal('drop'), ...scope }),
  z.strictObject({ fault: z.literal('delay'), delayMs: distribution, ...scope }),
  z.strictObject({ fault: z.literal('duplicate'), copies: z.int().min(2).max(100).default(2), ...scope }),
  /** Held back, so that later ones overtake it. */
  z.strictObject({ fault: z.literal('reorder'), holdMs: ms, ...scope }),
  /** Answered with this status instead of being accepted. */
  z.strictObject({
    fault: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.number().min(0).optional(),
    ...scope,
  }),
  /** Accepted, but the answer takes long. */
  z.strictObject({ fault: z.literal('slow-accept'), ms, ...scope }),
  /** The request is read and never answered. */
  z.strictObject({ fault: z.literal('hang'), ...scope }),
  /** Nobody can connect: requests are cut off, user agents thrown out. */
  z.strictObject({ fault: z.literal('outage'), fromMs: ms.optional(), toMs: ms.optional() }),
  /** The user agent's connection breaks instead of the delivery; the message stays. */
  z.strictObject({ fault: z.literal('cut'), ...scope }),
  /** The answer's TTL is not what the service really does. */
  z.strictObject({ fault: z.literal('wrong-ttl'), ttlSeconds: z.number(), ...scope }),
]);

/** Faults on demand. Same seed and same order of messages per subscription: same faults. */
export const faultPlanSchema = z.strictObject({ seed: z.int(), rules: z.array(rule) });

export type FaultRule = Readonly<z.input<typeof rule>>;
export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}
type Rule = z.output<typeof rule>;

/** What is to happen to one message. */
export interface Fate {
  answer: { status: number; retryAfterSeconds: number | undefined } | 'hang' | undefined;
  answerAfterMs: number;
  dropped: boolean;
  delayMs: number;
  copies: number;
  cut: boolean;
  ttlEchoSeconds: number | undefined;
}

/** A message as faults see it. */
export interface Struck {
  readonly pushToken: string;
  /** A number that is the subscription's alone. */
  readonly subscription: number;
  /** How many it had before. */
  readonly index: number;
  /** Since the plan was set. */
  readonly elapsedMs: number;
}

const during = (
  { fromMs = 0, toMs = Infinity }: { fromMs?: number | undefined; toMs?: number | undefined },
  elapsedMs: number,
): boolean => elapsedMs >= fromMs && elapsedMs < toMs;

function strikes(rule: Exclude<Rule, { fault: 'outage' }>, struck: Struck, key: number): boolean {
  const { share = 1, subscription, fromMessage = 0, toMessage = Infinity } = rule;
  return (
    (subscription === undefined || subscription.endsWith(struck.pushToken)) &&
    during(rule, struck.elapsedMs) &&
    struck.index >= fromMessage &&
    struck.index < toMessage &&
    (share === 1 || uniform(key, struck.subscription, 2 * struck.index) < share)
  );
}

function apply(rule: Rule, fate: Fate, draw: (distribution: Distribution) => number): void {
  switch (rule.fault) {
    case 'drop':
      fate.dropped = true;
      break;
    case 'delay':
      fate.delayMs += draw(rule.delayMs);
      break;
    case 'duplicate':
      fate.copies = rule.copies;
      break;
    case 'reorder':
      fate.delayMs += rule.holdMs;
      break;
    case 'status':
      fate.answer ??= { status: rule.status, retryAfterSeconds: rule.retryAfterSeconds };
      break;
    case 'slow-accept':
      fate.answerAfterMs += rule.ms;
      break;
    case 'hang':
      fate.answer ??= 'hang';
      break;
    case 'cut':
      fate.cut = true;
      break;
    case 'wrong-ttl':
      fate.ttlEchoSeconds = rule.ttlSeconds;
      break;
    case 'outage':
      break;
  }
}

/** A plan ready to be asked. @throws ZodError for a plan that is none. */
export function createFaults(plan: FaultPlan) {
  const { seed, rules } = faultPlanSchema.parse(plan);
  return {
    /** Whether nobody can connect now. */
    outage: (elapsedMs: number): boolean =>
      rules.some((rule) => rule.fault === 'outage' && during(rule, elapsedMs)),
    /** When outages begin, ms since the plan was set. */
    outagesAt: rules.flatMap((rule) => (rule.fault === 'outage' ? [rule.fromMs ?? 0] : [])),
    fateOf(struck: Struck): Fate {
      const fate: Fate = {
        answer: undefined,
        answerAfterMs: 0,
        dropped: false,
        delayMs: 0,
        copies: 1,
        cut: false,
        ttlEchoSeconds: undefined,
      };
      for (const [place, rule] of rules.entries()) {
        const key = streamKey(seed, place);
        if (rule.fault === 'outage' || !strikes(rule, struck, key)) continue;
        apply(rule, fate, (distribution) =>
          createSampler(distribution)(key, struck.subscription, 2 * struck.index + 1),
        );
      }
      return fate;
    },
  };
}
