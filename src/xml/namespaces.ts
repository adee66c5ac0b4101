/** The XML namespaces that CalDAV, CardDAV and their push extensions use, by their usual prefix. */
export const ns = {
  dav: 'DAV:',
  caldav: 'urn:ietf:params:xml:ns:caldav',
  carddav: 'urn:ietf:params:xml:ns:carddav',
  calendarserver: 'http://calendarserver.org/ns/',
  apple: 'http://apple.com/ns/ical/',
  push: 'https://bitfire.at/webdav-push',
} as const;
