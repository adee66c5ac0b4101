import { escapeXml, ns } from '../../xml/index.ts';

const prefixes: Readonly<Record<string, string>> = {
  [ns.dav]: 'D',
  [ns.caldav]: 'C',
  [ns.carddav]: 'CR',
  [ns.calendarserver]: 'CS',
  [ns.apple]: 'A',
  [ns.push]: 'P',
};

/** Namespace declarations of the prefixes that every answer uses. */
export const declarations = Object.entries(prefixes)
  .map(([uri, prefix]) => `xmlns:${prefix}="${uri}"`)
  .join(' ');

/** An element in an answer, with a prefix the answer declares or a declaration of its own. */
export function element(uri: string, name: string, inner = ''): string {
  const prefix = prefixes[uri];
  const tag = prefix === undefined ? name : `${prefix}:${name}`;
  const open = prefix === undefined ? `${tag} xmlns="${escapeXml(uri)}"` : tag;
  return inner === '' ? `<${open}/>` : `<${open}>${inner}</${tag}>`;
}
