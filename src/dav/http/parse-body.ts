import { ns, parseXml, XmlError, type XmlElement } from '../../xml/index.ts';
import { Refusal } from './refusal.ts';

const cacheSize = 256;
const longestCached = 4096;
const cache = new Map<string, XmlElement>();

/** Only of characters that mean themselves. */
const plainToken = /<((?:[\w.-]+:)?sync-token)>([!-%'-;=?-~]+)<\/\1>/;

/**
 * The document in a request body. Clients send the same few bodies over and over, but for the token that a report asks
 * from, which each collection has its own of: short ones are parsed once. @throws Refusal 400
 */
export function parseBody(body: Buffer): XmlElement {
  const source = decode(body);
  const found = source.length <= longestCached ? plainToken.exec(source) : null;
  return (found && parseAround(source, found)) ?? parseOnce(source);
}

/** The document, of which what is not the token is parsed once; `undefined` where the token may be something else. */
function parseAround(
  source: string,
  { index, 1: name = '', 2: token = '' }: RegExpExecArray,
): XmlElement | undefined {
  const from = index + name.length + 2;
  const without = source.slice(0, from) + source.slice(from + token.length);
  // Where it is written twice one may be in a comment.
  if (without.split('sync-token').length > 3) return undefined;
  const root = parseOnce(without);
  const place = root.children.findIndex(({ name: local }) => local === 'sync-token');
  const element = root.children[place];
  return element && { ...root, children: root.children.with(place, { ...element, text: token }) };
}

function parseOnce(source: string): XmlElement {
  const known = cache.get(source);
  if (known !== undefined) return known;
  try {
    const root = parseXml(source);
    if (source.length <= longestCached) {
      if (cache.size >= cacheSize) cache.clear();
      cache.set(source, root);
    }
    return root;
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal(400, `the body is not usable XML: ${error.message}`);
    throw error;
  }
}

/** XML is UTF-8 unless a byte order mark says UTF-16 (XML 1.0 appendix F). */
function decode(body: Buffer): string {
  if (body[0] === 0xff && body[1] === 0xfe) return new TextDecoder('utf-16le').decode(body);
  if (body[0] === 0xfe && body[1] === 0xff) return new TextDecoder('utf-16be').decode(body);
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    ? body.toString('utf8', 3)
    : body.toString('utf8');
}

export const isElement = (element: XmlElement, uri: string, name: string): boolean =>
  element.ns === uri && element.name === name;

/** The document element, which must have this name. @throws Refusal 400 */
export function expectRoot(body: Buffer, uri: string, name: string): XmlElement {
  const root = parseBody(body);
  if (!isElement(root, uri, name)) {
    throw new Refusal(400, `the body must be a ${name} element${uri === ns.dav ? '' : ` of ${uri}`}`);
  }
  return root;
}
