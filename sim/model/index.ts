export type { BlockRecord } from './assemble.ts';
export { mergeBlocks } from './merge-blocks.ts';
export { whyNot, type SimulationMode } from './mode.ts';
export {
  mayDivide,
  planRun,
  simulate,
  simulateBlocks,
  type RunPlan,
  type SimulateOptions,
} from './simulate.ts';
export { Whereabouts } from './whereabouts.ts';
