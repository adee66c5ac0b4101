import { z } from 'zod';
import {
  createSampler,
  DeviceBuckets,
  TopicTurns,
  streamKey,
  uniform,
  type Distribution,
  type ThrottleSpec,
} from '../../../sim/index.ts';

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
  /** A token bucket for each subscription: what comes beyond a burst waits for its token, or is gone without trace. */
  z.strictObject({
    fault: z.literal('throttle'),
    burst: z.int().min(1),
    refillMs: z.number().min(1),
    over: z.enum(['delay', 'drop']),
    /** Messages without a topic pass freely. */
    topicsOnly: z.boolean().default(false),
  }),
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
  /** The message replaces an older one of this topic (RFC 8030 section 5.4). */
  readonly topic: string | undefined;
  /** Since the plan was set. */
  readonly elapsedMs: number;
}

const during = (
  { fromMs = 0, toMs = Infinity }: { fromMs?: number | undefined; toMs?: number | undefined },
  elapsedMs: number,
): boolean => elapsedMs >= fromMs && elapsedMs < toMs;

type Throttle = Extract<Rule, { fault: 'throttle' }>;
/** What strikes one message or another by itself. */
type Strike = Exclude<Rule, { fault: 'outage' | 'throttle' }>;

function strikes(rule: Strike, struck: Struck, key: number): boolean {
  const { share = 1, subscription, fromMessage = 0, toMessage = Infinity } = rule;
  return (
    (subscription === undefined || subscription.endsWith(struck.pushToken)) &&
    during(rule, struck.elapsedMs) &&
    struck.index >= fromMessage &&
    struck.index < toMessage &&
    (share === 1 || uniform(key, struck.subscription, 2 * struck.index) < share)
  );
}

/** The bucket of each subscription under one rule. */
class Throttling {
  readonly #rule: Throttle;
  readonly #buckets = new Map<number, DeviceBuckets>();
  readonly #turns = new TopicTurns<string>();

  constructor(rule: Throttle) {
    this.#rule = rule;
  }

  apply(fate: Fate, { subscription, topic, elapsedMs }: Struck): void {
    if (fate.dropped || (this.#rule.topicsOnly && topic === undefined)) return;
    const spec: ThrottleSpec = this.#rule;
    const bucket = this.#buckets.get(subscription) ?? new DeviceBuckets(spec, 1);
    this.#buckets.set(subscription, bucket);
    const tick = Math.round((elapsedMs + fate.delayMs) * 1000);
    const pass = () => bucket.passesAt(0, tick);
    const passesAt =
      topic === undefined ? pass() : this.#turns.passesAt(`${subscription} ${topic}`, tick, pass);
    if (passesAt === Infinity) fate.dropped = true;
    else fate.delayMs = passesAt / 1000 - elapsedMs;
  }
}

function apply(rule: Strike, fate: Fate, draw: (distribution: Distribution) => number): void {
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
  }
}

/** A plan ready to be asked. @throws ZodError for a plan that is none. */
export function createFaults(plan: FaultPlan) {
  const { seed, rules } = faultPlanSchema.parse(plan);
  const throttlings = new Map(
    rules.flatMap((rule) => (rule.fault === 'throttle' ? [[rule, new Throttling(rule)] as const] : [])),
  );
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
        if (rule.fault === 'outage') continue;
        if (rule.fault === 'throttle') {
          throttlings.get(rule)?.apply(fate, struck);
          continue;
        }
        const key = streamKey(seed, place);
        if (!strikes(rule, struck, key)) continue;
        apply(rule, fate, (distribution) =>
          createSampler(distribution)(key, struck.subscription, 2 * struck.index + 1),
        );
      }
      return fate;
    },
  };
}
