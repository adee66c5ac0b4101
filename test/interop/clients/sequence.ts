import { xml } from '../../dav/harness.ts';

// The sequences are models: written from what is known of these clients, not captured from them.

/** One request as the client sends it, and what its answer must have. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** `{token}` stands for the last sync token, `{etag}` for the last ETag, `{location}` for the last Location of a POST. */
  readonly body?: string;
  readonly status: number;
  /** Paths that the answer tells of, in any order. */
  readonly hrefs?: readonly string[];
  /** Properties that the first response has. */
  readonly has?: readonly string[];
  readonly contains?: readonly string[];
}

/** What a client does, request by request; the facts are those of the client's own source. */
export interface Sequence {
  readonly client: string;
  readonly steps: readonly Step[];
}

export const calendar = '/calendars/alice/calendar/';
export const book = '/addressbooks/alice/addressbook/';
export const home = '/calendars/alice/';

export const propfind = (
  path: string,
  depth: string,
  props: string,
  expected: Omit<Step, 'method' | 'path' | 'body'>,
): Step => ({
  method: 'PROPFIND',
  path,
  ...expected,
  headers: { depth, 'content-type': 'application/xml; charset=utf-8', ...expected.headers },
  body: xml(`<D:propfind><D:prop>${props}</D:prop></D:propfind>`),
});

export const report = (
  path: string,
  depth: string | undefined,
  body: string,
  expected: Omit<Step, 'method' | 'path' | 'body'>,
): Step => ({
  method: 'REPORT',
  path,
  ...expected,
  headers: {
    'content-type': 'application/xml; charset=utf-8',
    ...(depth === undefined ? {} : { depth }),
    ...expected.headers,
  },
  body: xml(body),
});

export const syncReport = (token: string, props: string, level = '<D:sync-level>1</D:sync-level>'): string =>
  `<D:sync-collection><D:sync-token>${token}</D:sync-token>${level}<D:prop>${props}</D:prop></D:sync-collection>`;

export const multiget = (kind: 'calendar' | 'addressbook', hrefs: readonly string[]): string => {
  const [prefix, data] = kind === 'calendar' ? ['C', 'C:calendar-data'] : ['CR', 'CR:address-data'];
  const list = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
  return `<${prefix}:${kind}-multiget><D:prop><D:getcontenttype/><D:getetag/><${data}/></D:prop>${list}</${prefix}:${kind}-multiget>`;
};
