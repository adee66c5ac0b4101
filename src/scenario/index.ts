export { dataNames } from './catalogue.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { parsePath } from './expand-sweep.ts';
export { formatPolicy } from './format-policy.ts';
export { scenarioJsonSchema } from './json-schema.ts';
export { loadStudy, type Overrides, type PlannedRun, type Study } from './load-study.ts';
export { parsePushPolicy } from './parse-push-policy.ts';
export { scaleTime } from './scale-time.ts';
export { shipped } from '../shipped/index.ts';
