export { estimateContacts } from './estimate-cost.ts';
export { estimateStudyMs } from './estimate-study.ts';
export type { Progress } from './progress.ts';
export { runToPrecision } from './run-to-precision.ts';
export { runStudy, type LiveTarget, type RunOptions, type StudyOutcome } from './run-study.ts';
export { refuseTooLarge } from './refuse-too-large.ts';
