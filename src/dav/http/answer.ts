import { escapeXml, ns } from '../../xml/index.ts';
import type { Condition, Refusal } from './refusal.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Which report this answers, for the metrics. */
  readonly report?: string;
}

export type Body = string | Uint8Array | BodyParts;

/** A body that is made while it is sent, so that it takes little memory however long it is. */
export interface BodyParts {
  readonly parts: Generator<Uint8Array>;
}

export const isWhole = (body: Body): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array;

export const xmlType = 'application/xml; charset=utf-8';
export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>\n';

export const noContent: Answer = { status: 204 };

export function conditionXml({ ns: uri, name, inner = '' }: Condition): string {
  return uri === ns.dav
    ? `<D:${name}>${inner}</D:${name}>`
    : `<X:${name} xmlns:X="${escapeXml(uri)}">${inner}</X:${name}>`;
}

/** The answer to a refused request, with its condition as RFC 4918 section 16 wants it. */
export function refusalAnswer({ status, message, condition, headers }: Refusal): Answer {
  if (condition === undefined) {
    return {
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
      body: `${message}\n`,
    };
  }
  const body = `${xmlDeclaration}<D:error xmlns:D="DAV:">${conditionXml(condition)}</D:error>`;
  return { status, headers: { 'content-type': xmlType, ...headers }, body };
}
