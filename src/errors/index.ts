export { errorCodes, exitCodes, type ErrorCode } from './codes.ts';
export { DavpulseError } from './davpulse-error.ts';
