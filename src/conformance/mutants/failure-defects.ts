import type { Defect } from './defect.ts';
import type { WireAnswer } from './wire.ts';

/** The server is told another answer than the push service gave. */
const told = (change: (answer: WireAnswer | undefined) => WireAnswer | undefined): Pick<Defect, 'wire'> => ({
  wire: { answer: change },
});

const as = (from: number, to: number): Pick<Defect, 'wire'> =>
  told((answer) => (answer?.status === from ? { ...answer, status: to } : answer));

function removingAll(): Pick<Defect, 'wire'> {
  const gone = new Set<number>();
  return {
    wire: {
      message(message) {
        message.dropped = gone.has(message.collection);
      },
      answer(answer, collection) {
        if (answer?.status === 410) gone.add(collection);
        return answer;
      },
    },
  };
}

/** The server takes a push service's answers for what they are not. */
export const failureDefects: readonly Defect[] = [
  { id: 'keeps-404', title: 'keeps sending after 404', caughtBy: ['failure.404'], ...as(404, 201) },
  { id: 'keeps-410', title: 'keeps sending after 410', caughtBy: ['failure.410'], ...as(410, 201) },
  {
    id: 'gone-at-500',
    title: 'removes a subscription after one 500',
    caughtBy: ['failure.500'],
    ...as(500, 410),
  },
  {
    id: 'gone-at-400',
    title: 'removes a subscription after one 400',
    caughtBy: ['failure.400'],
    ...as(400, 410),
  },
  {
    id: 'gone-at-429',
    title: 'removes a subscription after 429',
    caughtBy: ['failure.429'],
    ...as(429, 410),
  },
  {
    id: 'gone-at-reset',
    title: 'removes a subscription after one broken connection',
    caughtBy: ['failure.reset'],
    ...told((answer) => answer ?? { status: 410, headers: {} }),
  },
  {
    id: 'no-retry-after',
    title: 'does not read Retry-After',
    caughtBy: ['failure.429'],
    ...told((answer) => answer && { ...answer, headers: {} }),
  },
  {
    id: 'follows-redirects',
    title: 'follows redirects of push resources',
    caughtBy: ['failure.redirect'],
    wire: { followsRedirects: true },
  },
  {
    id: 'one-after-another',
    title: 'waits for one push service before it asks the next',
    caughtBy: ['failure.hang'],
    wire: { inTurn: true },
  },
  {
    id: 'removes-all',
    title: 'removes all subscriptions of a collection when one is gone',
    caughtBy: ['failure.isolated'],
    also: ['failure.410'],
    ...removingAll(),
  },
];
