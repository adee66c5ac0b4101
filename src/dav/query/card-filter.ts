import type ICAL from 'ical.js';
import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { parameterValues } from './parameter-values.ts';
import { nameOf, textOf } from './property-filter.ts';
import { compileTextMatch } from './text-match.ts';

export type CardTest = (card: ICAL.Component) => boolean;
type PropertyTest = (property: ICAL.Property) => boolean;

/** `anyof` is the default of RFC 6352 sections 10.5 and 10.5.1. */
function readCombination({ attributes }: XmlElement): 'anyof' | 'allof' {
  const test = attributes['test'] ?? 'anyof';
  if (test === 'anyof' || test === 'allof') return test;
  throw new Refusal(403, 'test must be anyof or allof', { ns: ns.carddav, name: 'supported-filter' });
}

/** Compiles the filter of an addressbook-query; an empty one matches all. @throws Refusal 403 */
export function compileCardFilter(filter: XmlElement | undefined): CardTest {
  if (filter === undefined) return () => true;
  const tests = children(filter, ns.carddav, 'prop-filter').map(compileProperty);
  if (tests.length === 0) return () => true;
  return readCombination(filter) === 'allof'
    ? (card) => tests.every((test) => test(card))
    : (card) => tests.some((test) => test(card));
}

function compileProperty(filter: XmlElement): CardTest {
  const [group, wanted] = splitGroup(nameOf(filter).toLowerCase());
  const all = (card: ICAL.Component): ICAL.Property[] =>
    card
      .getAllProperties(wanted)
      .filter((property) => group === undefined || property.getFirstParameter('group') === group);
  if (child(filter, ns.carddav, 'is-not-defined') !== undefined) return (card) => all(card).length === 0;
  const tests: PropertyTest[] = [
    ...children(filter, ns.carddav, 'text-match').map((match) => {
      const test = compileTextMatch(match);
      return (property: ICAL.Property) => test(textOf(property));
    }),
    ...children(filter, ns.carddav, 'param-filter').map(compileParameter),
  ];
  if (tests.length === 0) return (card) => all(card).length > 0;
  const every = readCombination(filter) === 'allof';
  return (card) =>
    all(card).some((property) =>
      every ? tests.every((test) => test(property)) : tests.some((test) => test(property)),
    );
}

function splitGroup(name: string): [string | undefined, string] {
  const dot = name.indexOf('.');
  return dot === -1 ? [undefined, name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function compileParameter(filter: XmlElement): PropertyTest {
  const name = nameOf(filter).toLowerCase();
  if (child(filter, ns.carddav, 'is-not-defined') !== undefined)
    return (property) => parameterValues(property, name) === undefined;
  const match = child(filter, ns.carddav, 'text-match');
  const test = match === undefined ? () => true : compileTextMatch(match);
  return (property) => parameterValues(property, name)?.some((value) => test(value)) === true;
}
