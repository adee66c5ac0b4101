import { build } from 'esbuild';
import { request, type Dispatcher } from 'undici';

/** What an exported script sends, in the order in which it sends it. */
export interface Sent {
  readonly kind: string;
  readonly method: string;
  readonly status: number;
}

type Run = unknown;

interface Script {
  readonly options: {
    readonly scenarios: Readonly<Record<string, { exec: string; env: Record<string, string> }>>;
    readonly thresholds: Readonly<Record<string, readonly string[]>>;
  };
  setup(): Promise<Run>;
  contact(run: Run): Promise<void>;
  write(run: Run): Promise<void>;
  handleSummary(data: unknown): Record<string, string>;
}

const shimNames = ['k6/data', 'k6/encoding', 'k6/execution', 'k6/http', 'k6/metrics'];

type Params = { headers: Record<string, string>; tags: { kind: string } };

/**
 * Bundles a script as k6 does and loads it on a shim of k6's modules: real requests, but one virtual user and
 * iterations on demand. Real k6 is not part of this. `files` is what the script may open.
 */
export async function loadOnShim(
  file: string,
  environment: Record<string, string>,
  files: Readonly<Record<string, string>>,
) {
  const sent: Sent[] = [];
  const state = { iteration: 0, trends: new Map<string, number[]>() };
  const asyncRequest = async (method: Dispatcher.HttpMethod, url: string, body: string, params: Params) => {
    const answer = await request(url, { method, body, headers: params.headers });
    const text = await answer.body.text();
    sent.push({ kind: params.tags.kind, method, status: answer.statusCode });
    return { status: answer.statusCode, body: text };
  };
  const shims: Record<string, unknown> = {
    'k6/encoding': { b64encode: (text: string) => Buffer.from(text).toString('base64') },
    'k6/data': {
      SharedArray: function sharedArray(_: string, make: () => unknown[]) {
        return make();
      },
    },
    'k6/metrics': {
      Trend: class {
        readonly values: number[] = [];
        constructor(name: string) {
          state.trends.set(name, this.values);
        }
        add(value: number): void {
          this.values.push(value);
        }
      },
    },
    'k6/execution': {
      vu: { idInTest: 1 },
      scenario: {
        get iterationInTest() {
          return state.iteration;
        },
      },
    },
    'k6/http': {
      expectedStatuses: (...statuses: number[]) => statuses,
      asyncRequest,
    },
  };
  const bundle = await build({
    entryPoints: [file],
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    external: shimNames,
    write: false,
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  const module = { exports: {} };
  const load = (name: string): unknown => ({
    __esModule: true,
    default: shims[name],
    ...Object.fromEntries(Object.entries(shims[name] ?? {})),
  });
  // The bundle sees only what k6 would give it.
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function('module', 'exports', 'require', 'open', '__ENV', code)(
    module,
    module.exports,
    load,
    (path: string) => files[path.replace('./', '')],
    environment,
  );
  // The script exports these; the test fails where it does not.
  return { script: module.exports as Script, sent, state };
}
