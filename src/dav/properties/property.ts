import type { DavContext } from '../context.ts';
import type { Refusal } from '../http/refusal.ts';
import type { Resource } from '../tree/resource.ts';
import type { XmlElement } from '../../xml/index.ts';

/** Who asks, and through which address. */
export interface View {
  readonly context: DavContext;
  readonly user: string;
  readonly origin: string;
  /** Stored properties of a resource: `{ns}name` to the whole element. */
  stored(resource: Resource): ReadonlyMap<string, string>;
}

/** A property that the server computes or checks. */
export interface LiveProperty {
  readonly ns: string;
  readonly name: string;
  /** Whether `allprop` has it: those of RFC 4918 only, as RFC 4791 and later ask. */
  readonly inAllprop?: true;
  /** XML inside the element; undefined where the resource does not have the property. */
  readonly read: (resource: Resource, view: View) => string | undefined;
  /** The whole element, where it has more than its name and what is inside. */
  readonly told?: (resource: Resource, view: View) => string | undefined;
  /** Name of the property that says the same in another form: what is written to one holds for both. */
  readonly twin?: string;
  /** Present on properties that a client may set: why a value is refused, if it is. */
  readonly write?: (value: XmlElement, resource: Resource, view: View) => Refusal | undefined;
  /** Where a value is not stored as it is: takes it in, or undefined for its removal; inside a transaction. */
  readonly apply?: (value: XmlElement | undefined, resource: Resource, view: View) => void;
}

export const propertyKey = (ns: string, name: string): string => `{${ns}}${name}`;
