import { streamKey, streams, uniform, type RunSpec } from '../../sim/index.ts';

/**
 * Which push messages vanish: the n-th to a device by a draw of its own, as in the simulator, so that both lose the
 * same. They are taken away where they arrive, because only there it is known whose they are.
 */
export class PushLosses {
  readonly #loss: number;
  readonly #key: number;
  readonly #counts: Uint32Array;

  constructor({ pushService, seed }: Pick<RunSpec, 'pushService' | 'seed'>, devices: number) {
    this.#loss = pushService.loss;
    this.#key = streamKey(seed, streams.pushLoss);
    this.#counts = new Uint32Array(devices);
  }

  /** Whether the message that comes to the device now is to be taken away. */
  isLost(device: number): boolean {
    const index = this.#counts[device] ?? 0;
    this.#counts[device] = index + 1;
    return this.#loss > 0 && uniform(this.#key, device, index) < this.#loss;
  }
}
