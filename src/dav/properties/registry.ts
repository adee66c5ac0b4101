import { aclProperties } from './acl.ts';
import { addressBookProperties } from './addressbook.ts';
import { calendarProperties } from './calendar.ts';
import { davProperties } from './dav.ts';
import { propertyKey, type LiveProperty } from './property.ts';
import { pushProperties, vendorPushProperties } from './push.ts';

/** Every live property, in the order in which `allprop` and `propname` tell them. */
export const liveProperties: readonly LiveProperty[] = [
  ...davProperties,
  ...aclProperties,
  ...calendarProperties,
  ...addressBookProperties,
  ...pushProperties,
  ...vendorPushProperties,
];

const byKey = new Map(liveProperties.map((property) => [propertyKey(property.ns, property.name), property]));

export const liveProperty = (ns: string, name: string): LiveProperty | undefined =>
  byKey.get(propertyKey(ns, name));
