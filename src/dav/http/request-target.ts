import { Refusal } from './refusal.ts';

/**
 * Decoded segments of a URL path. Dots and slashes inside a segment are refused, so that no
 * name can mean anything but a member of its collection. @throws Refusal 400
 */
export function pathSegments(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      const name = decodeSegment(segment);
      if (name === '.' || name === '..' || /[/\u0000]/.test(name)) {
        throw new Refusal(400, 'the path has a segment that cannot be a name');
      }
      return name;
    });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'the path is not percent-encoded UTF-8');
  }
}

export interface RequestTarget {
  readonly segments: readonly string[];
  /** Whether the path ends in a slash. */
  readonly isDirectory: boolean;
  readonly query: URLSearchParams;
}

/** Splits a request target in origin or absolute form; it has no fragment (RFC 9112 section 3.2). @throws Refusal 400 */
export function parseTarget(target: string): RequestTarget {
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  if (local.includes('#')) throw new Refusal(400, 'a request target has no fragment');
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  return {
    segments: pathSegments(path),
    isDirectory: path === '' || path.endsWith('/'),
    query: new URLSearchParams(mark === -1 ? '' : local.slice(mark + 1)),
  };
}

/** The path in an href that may name the server too, as clients and stored properties do. */
export const pathIn = (href: string): string => href.replace(/^https?:\/\/[^/]*/i, '');

const plain = /^[\w.~@:$,=+-]*$/;

/** Percent-encodes a name as a path segment, leaving what RFC 3986 section 3.3 allows in one. */
export const encodeSegment = (name: string): string =>
  plain.test(name)
    ? name
    : encodeURIComponent(name.toWellFormed()).replaceAll(/%(?:40|3A|24|2C|3D|2B)/g, decodeURIComponent);

/** The canonical path of a resource; collections end in a slash. */
export const encodePath = (segments: readonly string[], collection: boolean): string =>
  segments.length === 0 ? '/' : `/${segments.map(encodeSegment).join('/')}${collection ? '/' : ''}`;
