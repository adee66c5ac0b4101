export { RadioMeter, startOf, type RadioReading } from './device/index.ts';
export * from './kernel/index.ts';
export * from './metrics/index.ts';
export * from './model/index.ts';
export * from './policy/index.ts';
export * from './spec.ts';
export * from './workload/index.ts';
export {
  connectRoundTrips,
  DeviceBuckets,
  patientRetries,
  retryWaitMs,
  TopicTurns,
} from './network/index.ts';
export { FifoServer, paceAt } from './server/index.ts';
