import { unreachable } from '../../client/index.ts';
import { DavpulseError } from '../../errors/index.ts';
import { openWire } from '../bench/asker.ts';
import type { CheckResult, ConformanceResult } from '../results/result.ts';
import { runCheck } from '../run-check.ts';
import { pushServiceChecks } from './checks.ts';
import { ServiceBench } from './service-bench.ts';
import { autopushAgent, httpAgent } from './user-agent.ts';

export interface PushServiceOptions {
  /** The subscribe resource of RFC 8030 (http, https), or the WebSocket of Mozilla's protocol (ws, wss). */
  readonly url: string;
  readonly waitMs: number;
  readonly verifyCertificate?: boolean;
  readonly signal?: AbortSignal;
}

const requestTimeoutMs = 15_000;

/**
 * Checks a push service, from both of its sides.
 * @throws DavpulseError DAVPULSE_SERVER_UNREACHABLE when it does not answer, DAVPULSE_SERVER_FAILED when the URL
 *   names nothing there; the reason of an abort
 */
export async function runPushServiceConformance(options: PushServiceOptions): Promise<ConformanceResult> {
  const { url, waitMs, signal = new AbortController().signal } = options;
  const socket = /^wss?:/.test(url);
  const origin = new URL(url.replace(/^ws/, 'http')).origin;
  const wire = openWire(origin, options.verifyCertificate ?? true, requestTimeoutMs);
  const agent = socket ? await autopushAgent(url) : httpAgent(url);
  try {
    if (!socket) await answers(url);
    const checks: CheckResult[] = [];
    for (const check of pushServiceChecks) {
      signal.throwIfAborted();
      checks.push(await runCheck(check, new ServiceBench(wire, agent, waitMs), signal));
    }
    return { target: url, madeAt: new Date().toISOString(), profile: undefined, checks, leftBehind: [] };
  } finally {
    agent.close();
    await wire.agent.destroy();
  }
}

async function answers(url: string): Promise<void> {
  const reply = await fetch(url, { method: 'POST' }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  if (reply.status !== 404 && reply.status !== 405) return;
  throw new DavpulseError(
    'DAVPULSE_SERVER_FAILED',
    `${url} takes no subscriptions (${reply.status}): name the resource that takes subscriptions, as the bundled service's ${new URL('/subscribe', url).href}`,
  );
}
