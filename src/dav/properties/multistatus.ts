import { STATUS_CODES } from 'node:http';
import { escapeText } from '../../xml/index.ts';
import { xmlDeclaration, xmlType, type Answer } from '../http/answer.ts';
import type { Resource } from '../tree/resource.ts';
import { bodyOf } from './answer-body.ts';
import { declarations, element } from './element-name.ts';
import type { View } from './property.ts';
import { allOf, namesOf, type Selection } from './selection.ts';

export const statusLine = (status: number): string =>
  `<D:status>HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}</D:status>`;

export const propstat = (properties: string, status: number, more = ''): string =>
  `<D:propstat><D:prop>${properties}</D:prop>${statusLine(status)}${more}</D:propstat>`;

/** A `D:response` with a status instead of properties. */
export const statusResponse = (path: string, status: number, more = ''): string =>
  `<D:response><D:href>${escapeText(path)}</D:href>${statusLine(status)}${more}</D:response>`;

/** The `D:response` of a resource; with `minimal`, properties it lacks are left out (RFC 8144 section 2.1). */
export function propertiesResponse(
  resource: Resource,
  view: View,
  selection: Selection,
  minimal: boolean,
): string {
  const head = `<D:response><D:href>${escapeText(resource.path)}</D:href>`;
  if (selection.kind === 'propname')
    return `${head}${propstat(namesOf(resource, view).join(''), 200)}</D:response>`;
  if (selection.kind === 'allprop') {
    return `${head}${propstat(allOf(resource, view, selection.include).join(''), 200)}</D:response>`;
  }
  let found = '';
  let missing = '';
  for (const { ns, name, read } of selection.wanted) {
    const value = read(resource, view);
    if (value !== undefined) found += value;
    else if (!minimal) missing += element(ns, name);
  }
  const good = found !== '' || missing === '' ? propstat(found, 200) : '';
  return `${head}${good}${missing === '' ? '' : propstat(missing, 404)}</D:response>`;
}

const head = `${xmlDeclaration}<D:multistatus ${declarations}>`;

export const multistatus = (
  responses: string,
  headers: Readonly<Record<string, string>> = {},
  end = '',
): Answer => multistatusOf([responses], headers, end);

/** An answer of many responses, taken one after the other, the later ones of a long answer while it is sent. */
export function multistatusOf(
  responses: Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
  end = '',
): Answer {
  return {
    status: 207,
    headers: { 'content-type': xmlType, ...headers },
    body: bodyOf(around(responses, end)),
  };
}

function* around(responses: Iterable<string>, end: string): Generator<string> {
  yield head;
  yield* responses;
  yield `${end}</D:multistatus>`;
}
