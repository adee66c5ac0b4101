export { checkOut, type Checkout } from './checkout.ts';
export { interleave, type InterleaveOptions, type Side } from './interleave.ts';
