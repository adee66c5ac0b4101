import type { Distribution } from '../spec.ts';
import { nearest } from './nearest.ts';
import { keyOf, uniformOf } from './random.ts';
import { createSampler, logNormalOf, type LogNormal, type Sampler } from './sampler.ts';

/**
 * Draws of one distribution of times in ms, in ticks: what `createSampler` gives, rounded. For one entity after the
 * other, from which many draws are made at a time.
 */
export class DrawnTicks {
  private readonly key: number;
  private readonly sample: Sampler;
  private readonly logNormal: LogNormal | undefined;
  private entity = 0;
  private entityKey = 0;

  /** `key` is that of the stream. */
  constructor(distribution: Distribution, key: number) {
    this.key = key;
    this.sample = createSampler(distribution);
    this.logNormal = distribution.kind === 'lognormal' ? logNormalOf(distribution) : undefined;
  }

  /** Turns to an entity. */
  of(entity: number): this {
    this.entity = entity;
    this.entityKey = keyOf(this.key, entity);
    return this;
  }

  /** The draw of the entity with this index. */
  at(index: number): number {
    const { logNormal } = this;
    const ms =
      logNormal === undefined
        ? this.sample(this.key, this.entity, index)
        : logNormal.quantile(uniformOf(this.entityKey, index));
    return nearest(ms * 1000);
  }
}
