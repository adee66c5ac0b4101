/** Whom a `Push-Dont-Notify` header excludes: everyone, or the registrations with these URLs. */
export type DontNotify = { readonly everyone: true } | { readonly everyone: false; readonly urls: string[] };

// One element of the list: a quoted string with its escapes (RFC 9110 section 5.6.4), or anything else up to a comma.
const element = /"((?:[^"\\]|\\.)*)"|[^,\s"]+|"/g;

/**
 * Reads the header lines of one request. Elements that are neither `*` nor a quoted string are ignored; `*`
 * excludes everyone only when it stands alone, because the draft allows no other value beside it.
 */
export function parseDontNotify(lines: readonly string[]): DontNotify {
  const urls: string[] = [];
  let star = false;
  let others = false;
  for (const [whole, quoted] of lines.join(',').matchAll(element)) {
    if (whole === '*') star = true;
    else others = true;
    if (quoted !== undefined) urls.push(quoted.replaceAll(/\\(.)/g, '$1'));
  }
  return star && !others ? { everyone: true } : { everyone: false, urls };
}
