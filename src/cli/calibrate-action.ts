import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrate, formatServer, formatWire, type Calibration } from '../capacity/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { newTable } from '../report/index.ts';
import { interruption } from './interruption.ts';
import { noteSharedProcessors } from './note-shared-processors.ts';
import { note, print } from './output.ts';
import { provenanceOf } from './provenance.ts';

export interface CalibrateCommandOptions {
  readonly tls: boolean;
  readonly http2?: true;
  readonly objectBytes: number;
  readonly seconds: number;
  readonly idle?: true;
  readonly out?: string;
}

/** Measures the bundled server, prints the numbers, and writes them as data files when a folder is given. */
export async function calibrateAction({
  tls,
  http2,
  objectBytes,
  seconds,
  idle,
  out,
}: CalibrateCommandOptions): Promise<void> {
  if (http2 === true && !tls) {
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', '--http2 needs TLS: leave --no-tls out');
  }
  using interrupt = interruption();
  noteSharedProcessors();
  const calibration = await calibrate({
    transport: { http: http2 === true ? '2' : '1.1', tls, keepAliveMs: 60_000 },
    objectBytes,
    budgetMs: seconds * 1000,
    ...(idle === true && { fleets: idle }),
    signal: interrupt.signal,
    onProgress: (doing) => note(`measuring ${doing}`),
  });
  print(renderCalibration(calibration));
  if (out === undefined) return;
  const provenance = provenanceOf(
    `davpulse calibrate${http2 === true ? ' --http2' : ''}${tls ? '' : ' --no-tls'}${idle === true ? ' --idle' : ''}`,
  );
  const wireName = `davpulse-http${http2 === true ? '2' : '1'}-${tls ? 'tls' : 'clear'}.yaml`;
  for (const [folder, file, text] of [
    ['wire', wireName, formatWire(calibration.wire, provenance)],
    ...(http2 === true
      ? []
      : ([['servers', 'davpulse.yaml', formatServer(calibration.server, provenance)]] as const)),
  ] as const) {
    await mkdir(join(out, folder), { recursive: true });
    await writeFile(join(out, folder, file), text);
    note(join(out, folder, file));
  }
}

function renderCalibration({ wire, times, server, pushDelay }: Calibration): string {
  const table = newTable(['request', 'bytes up', 'bytes down', 'server CPU', 'answer p50', 'p95']);
  const ms = (value: number | undefined): string => (value === undefined ? '' : `${value.toFixed(3)} ms`);
  for (const [kind, cost] of Object.entries(wire.requests)) {
    const time = times[kind];
    table.push([
      kind,
      `${cost.up}${cost.upPerItem === 0 ? '' : ` + ${cost.upPerItem} an item`}`,
      `${cost.down}${cost.downPerItem === 0 ? '' : ` + ${cost.downPerItem} an item`}`,
      ms(time?.cpuMs),
      ms(time?.medianMs),
      ms(time?.p95Ms),
    ]);
  }
  table.push([
    'push message',
    String(wire.pushToDevice.up),
    String(wire.pushToDevice.down),
    ms(times['push']?.cpuMs),
    '',
    '',
  ]);
  return [
    table.toString(),
    `a message reaches a device ${pushDelay.medianMs.toFixed(1)} ms later (p95 ${pushDelay.p95Ms.toFixed(1)} ms)`,
    ...(server.cold === undefined
      ? []
      : [
          `to begin again after idle time: ${server.cold.map(({ idleMs, costMs }) => `${costMs} ms after ${idleMs} ms`).join(', ')}`,
        ]),
  ].join('\n');
}
