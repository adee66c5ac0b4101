import { locate } from '../tree/locate.ts';
import { allowedMethods, fullDavHeader } from './allowed.ts';
import type { Handler } from './handler.ts';

export const options: Handler = (context, { user, segments }) => {
  const { resource } = locate(context.store, user, segments);
  return {
    status: 200,
    headers: {
      dav: fullDavHeader(context),
      allow: allowedMethods(resource?.content.kind).join(', '),
      'accept-post': 'application/xml, text/xml, text/calendar, text/vcard',
    },
  };
};
