import { event, parts, propfindBody, type TestServer } from './harness.ts';

export const address = (user: string): string => `mailto:${user}@davpulse.invalid`;

/** A meeting that alice calls; `attendees` by name with their PARTSTAT. */
export const meeting = (uid: string, attendees: Record<string, string>, more: string[] = []): string =>
  event(uid, [
    `ORGANIZER:${address('alice')}`,
    `ATTENDEE;PARTSTAT=ACCEPTED:${address('alice')}`,
    ...Object.entries(attendees).map(([user, status]) => `ATTENDEE;PARTSTAT=${status}:${address(user)}`),
    ...more,
  ]);

/** Paths of what is in one of a user's calendars. */
export const members = async (test: TestServer, user: string, name: string): Promise<string[]> => {
  const reply = await test.ask('PROPFIND', `/calendars/${user}/${name}/`, {
    user,
    headers: { depth: '1' },
    body: propfindBody('D:getetag'),
  });
  return parts(reply)
    .slice(1)
    .map(({ href }) => href);
};

/** The one object in a calendar; its text unfolded. */
export const only = async (
  test: TestServer,
  user: string,
  name: string,
): Promise<{ href: string; text: string }> => {
  const [href = ''] = await members(test, user, name);
  const { text } = await test.ask('GET', href, { user });
  return { href, text: text.replaceAll('\r\n ', '') };
};

/** Stores a user's copy with another answer in each of its components. */
export async function answer(test: TestServer, user: string, status: string): Promise<void> {
  const { href, text } = await only(test, user, 'calendar');
  const own = new RegExp(`PARTSTAT=[A-Z-]+([^\\r]*:${address(user)})`, 'g');
  await test.ask('PUT', href, { user, body: text.replace(own, `PARTSTAT=${status}$1`) });
}
