import { escapeXml, ns } from '../../xml/index.ts';
import type { WatchedCollection } from '../push-engine.ts';
import type { Depth } from '../store/records.ts';
import { supportedTriggers } from './supported-triggers.ts';

const triggerXml = (name: string, depth: Depth | undefined): string =>
  depth === undefined
    ? ''
    : `<${name} xmlns="${ns.push}"><depth xmlns="${ns.dav}">${depth}</depth></${name}>`;

/** The draft's three properties: local name in the push namespace to inner XML, self-contained in its namespaces. */
export function pushProperties(
  resource: WatchedCollection,
  topic: string,
  transports: string,
): ReadonlyMap<string, string> {
  const { content, property } = supportedTriggers(resource.kind ?? 'calendar');
  return new Map([
    ['transports', transports],
    ['topic', escapeXml(topic)],
    ['supported-triggers', triggerXml('content-update', content) + triggerXml('property-update', property)],
  ]);
}
