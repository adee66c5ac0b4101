/** One media range of an `Accept` header (RFC 9110 section 12.5.1). */
export interface Acceptable {
  /** In lower case, such as `text/vcard` or `*\/*`. */
  readonly type: string;
  readonly version: string | undefined;
}

/** The media ranges of an `Accept` header, best first, without those that are not wanted at all. */
export function readAccept(header: string): Acceptable[] {
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const named = new Map(
        parameters.map((parameter) => {
          const [name = '', value = ''] = parameter.split('=').map((side) => side.trim());
          return [name, value.replaceAll('"', '')];
        }),
      );
      const quality = Number(named.get('q') ?? 1);
      return { type, version: named.get('version'), quality: Number.isNaN(quality) ? 1 : quality };
    })
    .filter(({ type, quality }) => type !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality);
}
