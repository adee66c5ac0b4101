import { z } from 'zod';
import type { Exchange } from './exchange.ts';
import type { FaultDesk } from './fault-desk.ts';
import { faultPlanSchema } from './faults.ts';

const loopback = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const json = { 'Content-Type': 'application/json' };
const maxPlanBytes = 1_000_000;

function parsePlan(text: string): z.ZodSafeParseResult<z.output<typeof faultPlanSchema>> | undefined {
  try {
    return faultPlanSchema.safeParse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Control calls, from this machine only: `GET` and `PUT /faults`, `GET /totals`. */
export async function answerControl(
  exchange: Exchange,
  name: 'faults' | 'totals',
  faults: FaultDesk,
  totals: () => object,
): Promise<void> {
  if (!loopback.test(exchange.remoteAddress ?? '')) exchange.answer(403);
  else if (exchange.method === 'GET') {
    exchange.answer(200, json, JSON.stringify(name === 'totals' ? totals() : faults.plan));
  } else if (exchange.method === 'PUT' && name === 'faults') {
    const body = await exchange.body(maxPlanBytes);
    const plan = parsePlan(body?.toString() ?? '');
    if (plan?.success === true) {
      faults.set(plan.data);
      exchange.answer(204);
    } else exchange.answer(400, {}, plan === undefined ? 'not JSON' : z.prettifyError(plan.error));
  } else exchange.answer(405, { Allow: name === 'faults' ? 'GET, PUT' : 'GET' });
}
