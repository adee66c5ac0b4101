export { whyNot, type SimulationMode } from './mode.ts';
export { simulate, type SimulateOptions } from './simulate.ts';
export { Whereabouts } from './whereabouts.ts';
