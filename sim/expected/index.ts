export { errorOf } from './error.ts';
export { expectedRecord } from './expected-record.ts';
export { whyNoForm } from './why-no-form.ts';
export { waitingShare } from './server-form.ts';
