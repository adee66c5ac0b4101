import { escapeText, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { DavContext } from '../context.ts';
import { element } from '../properties/element-name.ts';
import type { Wanted } from '../properties/selection.ts';
import type { Resource } from '../tree/resource.ts';
import { compileCalendarData, type Transform } from '../objects/calendar-data.ts';
import { compileAddressData } from '../objects/address-data.ts';
import { withoutKnownZones } from '../objects/zones-by-reference.ts';
import { withoutMark } from '../objects/without-mark.ts';
import type { Zone } from '../recurrence/zone.ts';

export const textOfObject = ({ store }: DavContext, { node }: Resource): string =>
  withoutMark(store.nodes.text(node.id));

const expect = (asked: XmlElement, condition: string, type: string, versions: readonly string[]): void => {
  const { attributes } = asked;
  const wanted = attributes['content-type'];
  const version = attributes['version'];
  if (
    (wanted !== undefined && wanted.toLowerCase() !== type) ||
    (version !== undefined && !versions.includes(version))
  ) {
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
    if (!byReference) return wantData(asked, 'text/calendar', transform);
    return wantData(asked, 'text/calendar', (text, maxInstances) =>
      withoutKnownZones(transform === undefined ? text : transform(text, maxInstances)),
    );
  }
  if (asked.ns === ns.carddav && asked.name === 'address-data') {
    expect(asked, 'supported-address-data', 'text/vcard', ['3.0', '4.0']);
    return wantData(asked, 'text/vcard', compileAddressData(asked));
  }
  return undefined;
}

/** Without `transform` the stored text is wanted, as it is in almost every request. */
function wantData({ ns: uri, name }: XmlElement, type: string, transform: Transform | undefined): Wanted {
  const whole = (context: DavContext, resource: Resource): string =>
    element(uri, name, escapeText(textOfObject(context, resource)));
  return {
    ns: uri,
    name,
    read: (resource, { context }) => {
      const { id, revision, kind, type: own } = resource.node;
      if (kind !== 'object' || !own.startsWith(type)) return undefined;
      if (transform === undefined) return context.data.get(id, revision, () => whole(context, resource));
      return element(
        uri,
        name,
        escapeText(transform(textOfObject(context, resource), context.limits.maxInstances)),
      );
    },
  };
}
