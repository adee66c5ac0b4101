import { stringify } from 'yaml';
import type { ColdSpec, Distribution, ServerSpec, WireCosts } from '../../sim/index.ts';

/** Where measured numbers come from; stands in the file beside them. */
export interface Provenance {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
}

/** As the formatter of the repository writes YAML. */
const style = { singleQuote: true, lineWidth: 0 } as const;

const sourceOf = ({ command, date, machine }: Provenance) => ({
  source: `measured by ${command} on ${date}; ${machine}`,
  confidence: 'measured',
});

/** Wire costs as a data file of scenarios. */
export function formatWire(wire: WireCosts, provenance: Provenance): string {
  const records = wire.connect.up > 0 ? '; a TLS 1.3 record each way added (RFC 8446 section 5.2)' : '';
  const measured = sourceOf(provenance);
  return stringify(
    {
      ...wire,
      sources: {
        requests: measured,
        pushToDevice: { ...measured, source: `${measured.source}${records}` },
        pushToService: {
          source: `size of the message body measured; headers counted from RFC 8030 and RFC 8292${records}`,
          confidence: 'derived',
        },
        keepAlive: {
          source: `RFC 6455 section 5: ping and pong without payload${records}`,
          confidence: 'verified',
        },
      },
    },
    style,
  );
}

/** A server profile as a data file of scenarios. */
export function formatServer(server: ServerSpec, provenance: Provenance): string {
  const service = Object.entries(server.serviceMs).map(
    ([kind, distribution]) => [kind, inWords(distribution)] as const,
  );
  return stringify(
    {
      name: server.name,
      workers: server.workers,
      service: Object.fromEntries(service),
      push: inWords(server.pushMs),
      ...(server.connectMs !== undefined && { connect: ms(server.connectMs) }),
      ...(server.newsCold && { newsCold: coldInWords(server.newsCold) }),
      ...(server.pushCold && { pushCold: coldInWords(server.pushCold) }),
      ...(server.cold && { cold: coldInWords(server.cold) }),
      ...(server.coldKept !== undefined && { coldKept: server.coldKept }),
      ...(server.coldOfCheck !== undefined && { coldOfCheck: server.coldOfCheck }),
      ...(server.besides !== undefined && { besides: server.besides }),
      ...(server.pushBesides !== undefined && { pushBesides: server.pushBesides }),
      ...(server.pushThreads && { pushThreads: server.pushThreads }),
      ...(server.pushWaits !== undefined && { pushWaits: server.pushWaits }),
      ...(server.majorGc && {
        majorGc: { every: ms(server.majorGc.everyMs), pause: ms(server.majorGc.pauseMs) },
      }),
      ...(server.upkeepMs !== undefined && { upkeep: ms(server.upkeepMs) }),
      ...(server.memory && {
        memory: {
          base: server.memory.baseBytes,
          connection: server.memory.connectionBytes,
          subscription: server.memory.subscriptionBytes,
        },
      }),
      sources: {
        service: sourceOf(provenance),
        'service.register': { source: 'taken as dear as a put', confidence: 'assumption' },
        push: sourceOf(provenance),
        ...(server.newsCold && { newsCold: sourceOf(provenance) }),
        ...(server.pushCold && { pushCold: sourceOf(provenance) }),
        ...(server.cold && { cold: sourceOf(provenance) }),
        ...(server.besides !== undefined && { besides: sourceOf(provenance) }),
        ...(server.pushBesides !== undefined && { pushBesides: sourceOf(provenance) }),
        ...(server.pushThreads && { pushThreads: sourceOf(provenance) }),
        ...(server.pushWaits !== undefined && { pushWaits: sourceOf(provenance) }),
        ...(server.majorGc && { majorGc: sourceOf(provenance) }),
        ...(server.upkeepMs !== undefined && { upkeep: sourceOf(provenance) }),
        ...(server.memory && { memory: sourceOf(provenance) }),
      },
    },
    style,
  );
}

const ms = (value: number): string => `${value} ms`;

const coldInWords = (points: readonly ColdSpec[]) =>
  points.map(({ idleMs, costMs }) => ({ idle: ms(idleMs), cost: ms(costMs) }));

/** A time distribution as scenario files write it. */
function inWords(distribution: Distribution): unknown {
  switch (distribution.kind) {
    case 'constant':
      return ms(distribution.value);
    case 'uniform':
      return { kind: 'uniform', min: ms(distribution.min), max: ms(distribution.max) };
    case 'exponential':
      return { kind: 'exponential', mean: ms(distribution.mean) };
    case 'lognormal':
      return { kind: 'lognormal', median: ms(distribution.median), p95: ms(distribution.p95) };
    default: {
      const unknown: never = distribution;
      throw new RangeError(`no way to write ${JSON.stringify(unknown)}`);
    }
  }
}
