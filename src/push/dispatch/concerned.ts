import type { LoggedChange, Registration } from '../store/records.ts';
import type { RegistrationCache } from '../store/registration-cache.ts';
import { reaches } from '../webdav-push/supported-triggers.ts';

const wantsProperty = ({ propertyFilter }: Registration, { properties }: LoggedChange): boolean =>
  propertyFilter.length === 0 ||
  properties.length === 0 ||
  properties.some(({ ns, name }) =>
    propertyFilter.some((wanted) => wanted.ns === ns && wanted.name === name),
  );

function concerns(registration: Registration, change: LoggedChange, levelsAbove: number): boolean {
  if (change.seq <= registration.sentSeq || change.suppressed.includes(registration.id)) return false;
  // A content change is one of a member, one level below the resource that it is logged for, unless that is gone.
  return change.kind === 'content'
    ? reaches(registration.content, levelsAbove + (change.removed ? 0 : 1))
    : reaches(registration.property, levelsAbove) && wantsProperty(registration, change);
}

/** The registrations that a change must be told to, on its resource and on those above it. */
export function* concernedBy(
  change: LoggedChange,
  cache: RegistrationCache,
  now: number,
): Generator<Registration> {
  for (const [levelsAbove, resource] of [change.resource, ...change.above].entries()) {
    for (const registration of cache.of(resource).values()) {
      if (registration.expiresAt > now && concerns(registration, change, levelsAbove)) yield registration;
    }
  }
}
