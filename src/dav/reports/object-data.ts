import { escapeXml, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { DavContext } from '../context.ts';
import { element } from '../properties/element-name.ts';
import type { Wanted } from '../properties/selection.ts';
import type { Resource } from '../tree/resource.ts';
import { compileCalendarData } from '../objects/calendar-data.ts';
import { compileAddressData } from '../objects/address-data.ts';
import { withoutKnownZones } from '../objects/zones-by-reference.ts';
import { withoutMark } from '../objects/without-mark.ts';
import type { Zone } from '../recurrence/zone.ts';

export const textOfObject = (context: DavContext, { node }: Resource): string => {
  if (node.text !== undefined) return withoutMark(node.text);
  const data = context.store.nodes.body(node.id);
  return withoutMark(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
};

const expect = (asked: XmlElement, condition: string, type: string, versions: readonly string[]): void => {
  const { attributes } = asked;
  const wanted = attributes['content-type'];
  const version = attributes['version'];
  if ((wanted !== undefined && wanted.toLowerCase() !== type) || (version !== undefined && !versions.includes(version))) {
    throw new Refusal(403, 'this data format is not served', { ns: asked.ns, name: condition });
  }
};

/**
 * `calendar-data` and `address-data`, which exist in reports only. `byReference` leaves out known time zones.
 * @throws Refusal 403
 */
export function dataProperty(asked: XmlElement, floating: Zone, byReference = false): Wanted | undefined {
  if (asked.ns === ns.caldav && asked.name === 'calendar-data') {
    expect(asked, 'supported-calendar-data', 'text/calendar', ['2.0']);
    const transform = compileCalendarData(asked, floating);
    return wantData(asked, 'text/calendar', (text, maxInstances) => {
      const data = transform(text, maxInstances);
      return byReference ? withoutKnownZones(data) : data;
    });
  }
  if (asked.ns === ns.carddav && asked.name === 'address-data') {
    expect(asked, 'supported-address-data', 'text/vcard', ['3.0', '4.0']);
    return wantData(asked, 'text/vcard', compileAddressData(asked));
  }
  return undefined;
}

function wantData({ ns: uri, name }: XmlElement, type: string, transform: (text: string, maxInstances: number) => string): Wanted {
  return {
    ns: uri,
    name,
    read: (resource, { context }) => {
      if (resource.node.kind !== 'object' || !resource.node.type.startsWith(type)) return undefined;
      return element(uri, name, escapeXml(transform(textOfObject(context, resource), context.limits.maxInstances)));
    },
  };
}
