import { request } from 'undici';

/** What the bundled push service counts of itself. */
export interface PushServiceTotals {
  readonly accepted: number;
  readonly dropped: number;
}

const none: PushServiceTotals = { accepted: 0, dropped: 0 };

/** Reads the push service's own counters; zeros for a service that does not tell. */
export async function readPushTotals(pushServiceUrl: string | undefined): Promise<PushServiceTotals> {
  const told = await readText(pushServiceUrl === undefined ? undefined : `${pushServiceUrl}/totals`);
  if (told === undefined) return none;
  const { accepted, dropped } = { ...none, ...(JSON.parse(told) as Partial<PushServiceTotals>) };
  return { accepted, dropped };
}

/** What the server's metrics say of its outbox; zeros for a server that does not tell. */
export async function readEngineTotals(
  origin: string | undefined,
): Promise<{ merged: number; failed: number }> {
  const metrics = (await readText(origin === undefined ? undefined : `${origin}/metrics`)) ?? '';
  const counter = (name: string): number =>
    Number(new RegExp(`^davpulse_push_${name}_total(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
  return { merged: counter('merged'), failed: counter('failed') };
}

async function readText(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 5000, bodyTimeout: 5000 });
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
