import type { Chart } from '../chart.ts';
import { bytesByCause } from './bytes-by-cause.ts';
import { energyByState } from './energy-by-state.ts';
import { herd } from './herd.ts';
import { ledgerLosses } from './ledger-losses.ts';
import { liveBesideSim } from './live-beside-sim.ts';
import { paretoEnergy, paretoServer } from './pareto.ts';
import { pushOutcomes } from './push-outcomes.ts';
import { requestFailures } from './request-failures.ts';
import { serverLoad } from './server-load.ts';
import { stalenessByImportance, stalenessQuantiles } from './staleness-quantiles.ts';

/** Every chart, in the order of the report; a new one is a file and a line here. */
export const charts: readonly Chart[] = [
  liveBesideSim,
  paretoEnergy,
  paretoServer,
  stalenessQuantiles,
  stalenessByImportance,
  serverLoad,
  herd,
  energyByState,
  bytesByCause,
  pushOutcomes,
  requestFailures,
  ledgerLosses,
];
