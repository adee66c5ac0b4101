import { escapeXml } from './escape-xml.ts';
import type { XmlElement } from './xml-element.ts';

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/**
 * An element as text that means the same wherever it is put: it declares every namespace it uses, and so does each
 * of its children, so that these can be taken out of it.
 */
export function writeXml(element: XmlElement): string {
  return write(element, undefined, true);
}

function write(element: XmlElement, inheritedNs: string | undefined, outermost: boolean): string {
  const declaration = element.ns === inheritedNs ? '' : ` xmlns="${escapeXml(element.ns)}"`;
  const attributes = Object.entries(element.attributes).map(writeAttribute).join('');
  const inherited = outermost ? undefined : element.ns;
  const { text, offsets } = element;
  let told = 0;
  const inner = element.children.map((child, index) => {
    const before = text.slice(told, offsets?.[index]);
    told += before.length;
    return escapeXml(before) + write(child, inherited, false);
  });
  inner.push(escapeXml(text.slice(told)));
  const open = `<${element.name}${declaration}${attributes}`;
  const content = inner.join('');
  return content === '' ? `${open}/>` : `${open}>${content}</${element.name}>`;
}

function writeAttribute([key, value]: [string, string], index: number): string {
  const [, uri, name] = /^\{(.*)\}(.*)$/s.exec(key) ?? [];
  if (uri === undefined || name === undefined) return ` ${key}="${escapeAttribute(value)}"`;
  if (uri === xmlNamespace) return ` xml:${name}="${escapeAttribute(value)}"`;
  return ` xmlns:a${index}="${escapeXml(uri)}" a${index}:${name}="${escapeAttribute(value)}"`;
}

// A parser turns literal tabs and line ends of an attribute into spaces (XML 1.0 section 3.3.3).
const escapeAttribute = (value: string): string =>
  escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
