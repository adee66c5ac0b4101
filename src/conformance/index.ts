export { checks } from './checks/index.ts';
export type { Check, Level, Outcome } from './check.ts';
export { defects } from './mutants/defects.ts';
export type { Defect } from './mutants/defect.ts';
export { startBundledServer, type BundledOptions, type BundledServer } from './mutants/bundled-server.ts';
export { runConformance, type ConformanceOptions } from './run-conformance.ts';
export { exitCodeOf } from './results/exit-code.ts';
export { countOf, type CheckResult, type ConformanceResult, type Verdict } from './results/result.ts';
export { renderText } from './results/render-text.ts';
export { renderJunit } from './results/render-junit.ts';
export { renderHtml } from './results/render-html.ts';
export { applyProfile, readProfile, type Profile } from './results/profile.ts';
export {
  startRecordingEndpoint,
  type ListenAt,
  type RecordingEndpoint,
} from './endpoint/recording-endpoint.ts';
export type { PushResource, Received } from './endpoint/push-resource.ts';
export { runPushServiceConformance, type PushServiceOptions } from './push-service/run-push-service.ts';
