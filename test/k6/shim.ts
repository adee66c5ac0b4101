import { build } from 'esbuild';
import { request, type Dispatcher } from 'undici';

/** What an exported script sends, in the order in which it sends it. */
export interface Sent {
  readonly kind: string;
  readonly method: string;
  readonly status: number;
}

interface Script {
  readonly options: {
    readonly scenarios: Readonly<Record<string, { exec: string; env: Record<string, string> }>>;
  };
  contact(): Promise<void>;
  write(): Promise<void>;
  handleSummary(data: unknown): Record<string, string>;
}

const shimNames = ['k6/encoding', 'k6/execution', 'k6/http'];

/**
 * Bundles a script as k6 does and loads it on a shim of k6's modules: real requests, but one virtual user and
 * iterations on demand. Real k6 is not part of this.
 */
export async function loadOnShim(file: string, environment: Record<string, string>, users: string) {
  const sent: Sent[] = [];
  const state = { iteration: 0 };
  const shims: Record<string, unknown> = {
    'k6/encoding': { b64encode: (text: string) => Buffer.from(text).toString('base64') },
    'k6/execution': {
      scenario: {
        get iterationInTest() {
          return state.iteration;
        },
      },
    },
    'k6/http': {
      expectedStatuses: (...statuses: number[]) => statuses,
      async asyncRequest(
        method: Dispatcher.HttpMethod,
        url: string,
        body: string,
        params: { headers: Record<string, string>; tags: { kind: string } },
      ) {
        const answer = await request(url, { method, body, headers: params.headers });
        const text = await answer.body.text();
        sent.push({ kind: params.tags.kind, method, status: answer.statusCode });
        return { status: answer.statusCode, body: text };
      },
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
  const load = (name: string): unknown => ({ __esModule: true, default: shims[name] });
  // The bundle sees only what k6 would give it.
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function('module', 'exports', 'require', 'open', '__ENV', code)(
    module,
    module.exports,
    load,
    () => users,
    environment,
  );
  // The script exports these; the test fails where it does not.
  return { script: module.exports as Script, sent, state };
}
