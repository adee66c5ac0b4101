export { calibrate, type CalibrateOptions, type Calibration } from './calibrate.ts';
export { formatServer, formatWire, type Provenance } from './format-profile.ts';
export { validate, type AgreementRow, type ValidateOptions } from './validate.ts';
export { measureCapacity, type Capacity, type CapacityOptions } from './measure-capacity.ts';
export type { Ladder, Rung } from './ladder.ts';
export type { FleetLadder, FleetRung } from './fleet-ladder.ts';
export { readRecipe, recipeNames, type Recipe } from './recipes.ts';
export { plan, type Plan, type PlanOptions, type Sensitivity } from './plan.ts';
export { resources as planResources, type Limits } from './plan-resources.ts';
