import { ns } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { innerXml } from '../properties/stored.ts';
import type { Node } from '../store/node.ts';

/** Component types that a calendar can be made for. */
export const allComponents = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY'] as const;
/** Those of a calendar that was made without saying which. */
export const defaultComponents = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY'] as const;

/** Component types that a calendar takes. */
export function componentsOf(context: Pick<DavContext, 'store'>, node: Node): string[] {
  const stored = context.store.properties
    .all(node.id)
    .find(({ ns: uri, name }) => uri === ns.caldav && name === 'supported-calendar-component-set');
  if (stored === undefined) return [...defaultComponents];
  return [...innerXml(stored.value).matchAll(/name="([^"]+)"/g)].map(([, name = '']) => name.toUpperCase());
}
