/**
 * Counter-based random numbers: a draw depends on (seed, stream, entity, index) alone, never on what was drawn
 * before. So results do not depend on the order of events or the number of workers, and two policies under one
 * seed meet the same changes, losses and delays (common random numbers).
 */

const { imul } = Math;

const mix = (value: number): number => {
  let hash = imul(value ^ (value >>> 16), 0x7feb352d);
  hash = imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
};

// Each word passes a full mixer of its own (lowbias32 by C. Wellons), so neighbours in either do not correlate.
const hash = (key: number, entity: number, index: number): number => hashOf(keyOf(key, entity), index);

const hashOf = (entityKey: number, index: number): number => mix(entityKey + imul(index, 0x85ebca77));

/** What the draws of one entity from one stream have in common, for those who make many of them. */
export const keyOf = (key: number, entity: number): number => mix(key ^ imul(entity, 0x9e3779b1));

/** The key of one stream of one run; pass it to the draws. */
export function streamKey(seed: number, stream: number): number {
  const high = Math.floor(seed / 2 ** 32) | 0;
  return mix(mix(mix(seed | 0) ^ high) + imul(stream, 0x9e3779b9));
}

/** 32 random bits. `entity` and `index` count as unsigned 32-bit numbers. */
export function bits(key: number, entity: number, index: number): number {
  return hash(key, entity, index) >>> 0;
}

/** A uniform draw in the open interval (0, 1). */
export function uniform(key: number, entity: number, index: number): number {
  return uniformOf(keyOf(key, entity), index);
}

/** As `uniform`, by what `keyOf` gives for stream and entity. */
export function uniformOf(entityKey: number, index: number): number {
  return ((hashOf(entityKey, index) >>> 0) + 0.5) / 2 ** 32;
}

const tableBits = 11;
/** Minus the natural logarithm of 1/2 to 1 in equal steps, one entry more than steps. */
const logTable = Float64Array.from(
  { length: 2 ** tableBits + 1 },
  (_, step) => -Math.log(0.5 + step / 2 ** (tableBits + 1)),
);
const restBits = 31 - tableBits;

/**
 * An exponential draw with mean 1: minus the logarithm of a uniform one, read from a table with a relative error
 * below 1e-7. Several times faster than `Math.log`, and the same on every engine.
 */
export function exponential(key: number, entity: number, index: number): number {
  const word = hash(key, entity, index) | 1;
  const leading = Math.clz32(word);
  const mantissa = word << leading;
  const step = (mantissa >>> restBits) & (2 ** tableBits - 1);
  const low = logTable[step] ?? 0;
  const high = logTable[step + 1] ?? 0;
  return leading * Math.LN2 + low + (high - low) * ((mantissa & (2 ** restBits - 1)) / 2 ** restBits);
}

/** A uniform draw from the whole numbers 0 to `count` - 1. */
export function below(key: number, entity: number, index: number, count: number): number {
  return Math.floor(uniform(key, entity, index) * count);
}
