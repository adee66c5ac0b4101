import { DavpulseError } from '../errors/index.ts';
import { child, children, ns, parseXml, type XmlElement } from '../xml/index.ts';

/** One `DAV:response` of a multistatus (RFC 4918 section 14.24). */
export interface MultistatusResponse {
  /** Path, as the server wrote it; a full URL is cut down to its path. */
  readonly href: string;
  /** Status of the whole response; 200 when it has property statuses instead. */
  readonly status: number;
  /** The properties found, each as its element. */
  readonly found: readonly XmlElement[];
}

export interface Multistatus {
  readonly responses: readonly MultistatusResponse[];
  /** RFC 6578 section 6.4; only in answers to sync-collection. */
  readonly syncToken: string | undefined;
}

const shortBody = 2048;
const mostRemembered = 4096;
const remembered = new Map<string, Multistatus>();

/**
 * Most answers of a fleet that polls are the same few, to the byte: short ones are read once.
 * @throws DavpulseError DAVPULSE_SERVER_FAILED when the body is not a multistatus
 */
export function parseMultistatus(body: string, what: string): Multistatus {
  if (body.length > shortBody) return readMultistatus(body, what);
  const known = remembered.get(body);
  if (known !== undefined) return known;
  const read = readMultistatus(body, what);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(body, read);
  return read;
}

function readMultistatus(body: string, what: string): Multistatus {
  const root = parseBody(body, what);
  if (root.ns !== ns.dav || root.name !== 'multistatus') {
    throw new DavpulseError('DAVPULSE_SERVER_FAILED', `the answer to ${what} is not a WebDAV multistatus`);
  }
  return {
    responses: children(root, ns.dav, 'response').map(readResponse),
    syncToken: child(root, ns.dav, 'sync-token')?.text.trim(),
  };
}

/** The first found property with this name. */
export const foundProperty = (
  response: MultistatusResponse,
  namespace: string,
  name: string,
): XmlElement | undefined =>
  response.found.find((property) => property.ns === namespace && property.name === name);

function parseBody(body: string, what: string): XmlElement {
  try {
    return parseXml(body);
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_SERVER_FAILED', `the answer to ${what} is not XML`, { cause });
  }
}

function readResponse(response: XmlElement): MultistatusResponse {
  const href = child(response, ns.dav, 'href')?.text.trim() ?? '';
  const status = child(response, ns.dav, 'status');
  const found = children(response, ns.dav, 'propstat')
    .filter((propstat) => statusCode(child(propstat, ns.dav, 'status')) === 200)
    .flatMap((propstat) => child(propstat, ns.dav, 'prop')?.children ?? []);
  return { href: pathOf(href), status: status === undefined ? 200 : statusCode(status), found };
}

const statusCode = (element: XmlElement | undefined): number =>
  Number(/^\S+\s+(\d{3})/.exec(element?.text.trim() ?? '')?.[1] ?? 0);

/** RFC 4918 section 8.3 allows full URLs and absolute paths. */
const pathOf = (href: string): string => (href.startsWith('/') ? href : (URL.parse(href)?.pathname ?? href));
