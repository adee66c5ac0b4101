export { calibrate, type CalibrateOptions, type Calibration } from './calibrate.ts';
export { formatServer, formatWire, type Provenance } from './format-profile.ts';
export { validate, type AgreementRow, type ValidateOptions } from './validate.ts';
