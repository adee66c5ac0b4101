import { errorCodes, type ErrorCode } from './codes.ts';

/**
 * The one error class of davpulse. `message` is a whole sentence that names the place and the remedy;
 * `code` is stable and listed in `codes.ts`.
 */
export class DavpulseError extends Error {
  override readonly name = 'DavpulseError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return errorCodes[this.code].exit;
  }
}
