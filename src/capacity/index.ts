export { calibrate, type CalibrateOptions, type Calibration } from './calibrate.ts';
export { formatServer, formatWire, type Provenance } from './format-profile.ts';
