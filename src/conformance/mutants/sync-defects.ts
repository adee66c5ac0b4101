import type { Defect } from './defect.ts';
import type { FrontDefect, FrontRequest } from './front.ts';

const isSync = ({ method, body }: FrontRequest): boolean =>
  method === 'REPORT' && body.includes('sync-collection');

/** sync-collection reports answered in another way. */
const reports = (change: (body: string) => string): FrontDefect => ({
  answer(answer, asked) {
    if (isSync(asked)) answer.body = change(answer.body);
  },
});

/** sync-collection reports asked in another way. */
const asking = (change: (body: string) => string): FrontDefect => ({
  request(asked) {
    if (isSync(asked)) asked.body = change(asked.body);
    return undefined;
  },
});

const prefix = 'urn:davpulse:sync:';
const emptyToken = '<D:sync-token></D:sync-token>';
const token = /<D:sync-token>[^<]*<\/D:sync-token>/;
const apple = '/push/apple';

/** Sync tokens and Apple's push are served wrongly. */
export const syncDefects: readonly Defect[] = [
  {
    id: 'token-no-uri',
    title: 'has sync tokens that are no URI',
    caughtBy: ['sync.property'],
    front: {
      request(asked) {
        asked.body = asked.body.replace(/(<D:sync-token>)\//, `$1${prefix}`);
        return undefined;
      },
      answer(answer) {
        answer.body = answer.body.replaceAll(prefix, '/');
      },
    },
  },
  {
    id: 'report-no-token',
    title: 'answers sync-collection without a token',
    caughtBy: ['sync.report-token'],
    also: ['sync.limit'],
    front: reports((body) =>
      body.replaceAll(/<D:sync-token>[^<]*<\/D:sync-token>(?=<\/D:multistatus>)/g, ''),
    ),
  },
  {
    id: 'removals-forgotten',
    title: 'does not report removed members',
    caughtBy: ['sync.removed'],
    front: reports((body) =>
      body.replaceAll(
        /<D:response><D:href>[^<]*<\/D:href><D:status>HTTP\/1.1 404[^<]*<\/D:status><\/D:response>/g,
        '',
      ),
    ),
  },
  {
    id: 'any-token',
    title: 'takes a token that it never gave for the empty one',
    caughtBy: ['sync.invalid'],
    front: asking((body) => (body.includes('never-given') ? body.replace(token, emptyToken) : body)),
  },
  {
    id: 'token-ignored',
    title: 'lists everything whatever the token',
    caughtBy: ['sync.changed', 'sync.no-change', 'sync.removed', 'sync.same-token'],
    also: ['sync.limit', 'message.sync-token-current', 'message.last-change', 'sync.invalid'],
    front: asking((body) => body.replace(token, emptyToken)),
  },
  {
    id: 'no-limit',
    title: 'does not keep a limit',
    caughtBy: ['sync.limit'],
    front: asking((body) => body.replace(/<D:limit>.*<\/D:limit>/, '')),
  },
  {
    id: 'strict-depth',
    title: 'refuses a Depth beside sync-level',
    caughtBy: ['sync.depth-header'],
    front: {
      request: (asked) =>
        isSync(asked) && asked.headers[asked.headers.indexOf('depth') + 1] === '1'
          ? { status: 400, headers: {}, body: '' }
          : undefined,
    },
  },
  {
    id: 'apple-any-request',
    title: 'accepts every subscription of Apple’s kind',
    caughtBy: ['apple.bad-request'],
    front: {
      answer(answer, { path }) {
        if (path.startsWith(apple) && answer.status === 400) answer.status = 200;
      },
    },
  },
  {
    id: 'apple-no-post',
    title: 'takes no subscriptions of Apple’s kind by POST',
    caughtBy: ['apple.subscribe-post'],
    front: {
      request: ({ method, path }) =>
        method === 'POST' && path.startsWith(apple) ? { status: 405, headers: {}, body: '' } : undefined,
    },
  },
  {
    id: 'apple-no-interval',
    title: 'names no refresh interval for Apple’s push',
    caughtBy: ['apple.transports'],
    front: {
      answer(answer) {
        answer.body = answer.body.replaceAll(/<refresh-interval>\d+<\/refresh-interval>/g, '');
      },
    },
  },
  {
    id: 'apple-anonymous',
    title: 'takes subscriptions of Apple’s kind from anybody',
    caughtBy: ['apple.anonymous'],
    front: {
      request: ({ path, headers }) =>
        path.startsWith(apple) && !headers.includes('authorization')
          ? { status: 200, headers: {}, body: '' }
          : undefined,
    },
  },
];
