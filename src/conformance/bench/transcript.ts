/** One thing that was sent or received while a check ran. */
export interface TranscriptEntry {
  /** Who sent it: the suite as a DAV client, the server, or the server as sender of a push message. */
  readonly from: 'client' | 'server' | 'push';
  /** First line: method and target, or status. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Transcript = TranscriptEntry[];

type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const hidden = '(not shown)';
const maxBodyCharacters = 4000;
const secretHeaders = new Set(['authorization', 'cookie', 'set-cookie']);
const secretElements = /(<(?:\w+:)?(?:auth-secret|subscription-public-key)\b[^>]*>)[^<]*/g;

/** An entry without what must not leave the machine: credentials and the keys of subscriptions. */
export function entry(
  from: TranscriptEntry['from'],
  line: string,
  headers: RawHeaders,
  body: string,
): TranscriptEntry {
  const shown = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    // The token that proves the server's identity to the push service is what checks are about.
    const secret = secretHeaders.has(name.toLowerCase()) && from !== 'push';
    return [[name.toLowerCase(), secret ? hidden : [value].flat().join(', ')]];
  });
  const text = body.replaceAll(secretElements, `$1${hidden}`);
  return {
    from,
    line,
    headers: Object.fromEntries(shown),
    body: text.length > maxBodyCharacters ? `${text.slice(0, maxBodyCharacters)} …` : text,
  };
}
