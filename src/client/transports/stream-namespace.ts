/** Of the elements by which the event stream is advertised and subscribed to, beside those of WebDAV-Push. */
export const streamNamespace = 'urn:davpulse:push';
