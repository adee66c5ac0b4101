import { SaxesParser } from '@rubensworks/saxes';
import type { XmlElement } from './xml-element.ts';

/** The document is not well-formed, or exceeds a limit. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
}

const defaultLimits: XmlLimits = { maxDepth: 64, maxElements: 100_000 };

interface OpenElement {
  ns: string;
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
  offsets: number[];
}

/**
 * Parses a whole document. A document type declaration is refused: it has no use in WebDAV and carries the
 * entity attacks. @throws XmlError
 */
export function parseXml(source: string, limits: XmlLimits = defaultLimits): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  parser.on('error', (error) => {
    throw new XmlError(error.message);
  });
  parser.on('doctype', () => {
    throw new XmlError('a document type declaration is not allowed');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > limits.maxElements) throw new XmlError(`more than ${limits.maxElements} elements`);
    if (open.length >= limits.maxDepth) throw new XmlError(`nested deeper than ${limits.maxDepth} elements`);
    const attributes: Record<string, string> = {};
    for (const { prefix, local, uri, value } of Object.values(tag.attributes)) {
      if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue;
      attributes[uri === '' ? local : `{${uri}}${local}`] = value;
    }
    open.push({ ns: tag.uri, name: tag.local, attributes, children: [], text: '', offsets: [] });
  });
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const done = open.pop();
    const parent = open.at(-1);
    if (parent === undefined) root = done;
    else if (done !== undefined) {
      parent.children.push(done);
      parent.offsets.push(parent.text.length);
    }
  });
  parser.write(source).close();
  if (root === undefined) throw new XmlError('the document is empty');
  return root;
}
