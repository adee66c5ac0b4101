import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../client/index.ts';
import { Transcript } from './transcript.ts';

const mostFiles = 20;

/** Keeps what each device said last, and writes it to a file when the device fails for the first time. */
export class FailureLog {
  readonly #transcripts: readonly Transcript[];
  readonly #folder: string | undefined;
  readonly #written = new Set<number>();

  /** Without a folder nothing is kept. */
  constructor(devices: number, folder: string | undefined) {
    this.#folder = folder;
    this.#transcripts = folder === undefined ? [] : Array.from({ length: devices }, () => new Transcript());
  }

  add(device: number, exchange: Exchange): void {
    this.#transcripts[device]?.add(exchange);
  }

  failed(device: number, reason: string): void {
    const transcript = this.#transcripts[device];
    if (transcript === undefined || this.#folder === undefined) return;
    if (this.#written.has(device) || this.#written.size >= mostFiles) return;
    this.#written.add(device);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, `device-${device}.txt`), `${reason}\n\n${transcript.render()}`);
  }
}
