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

/** What the bundled server's metrics say. */
export interface EngineTotals {
  readonly merged: number;
  readonly failed: number;
  /** Processor time of its process so far, ms, threads that are gone included; `NaN` for a server that does not tell. */
  readonly processMs: number;
  /** How often it has collected its whole heap; `NaN` as well. */
  readonly majorGcs: number;
}

/** What the server's metrics say of its outbox and its process; zeros for a server that does not tell. */
export async function readEngineTotals(origin: string | undefined): Promise<EngineTotals> {
  const metrics = (await readText(origin === undefined ? undefined : `${origin}/metrics`)) ?? '';
  const counter = (name: string): number | undefined => {
    const [, value] = new RegExp(`^${name}_total(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(metrics) ?? [];
    return value === undefined ? undefined : Number(value);
  };
  return {
    merged: counter('davpulse_push_merged') ?? 0,
    failed: counter('davpulse_push_failed') ?? 0,
    processMs: (counter('process_cpu_seconds') ?? NaN) * 1000,
    majorGcs: counter('davpulse_major_gc') ?? NaN,
  };
}

async function readText(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  try {
    const { statusCode, body } = await request(url, { reset: true, headersTimeout: 5000, bodyTimeout: 5000 });
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
