export { checkOut, type Checkout } from './checkout.ts';
export { interleave, type InterleaveOptions, type Side } from './interleave.ts';
export { sideBySide, type PairedRuns, type SideBySideOptions } from './side-by-side.ts';
