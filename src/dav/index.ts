export { startDavServer, type DavServer } from './start-dav-server.ts';
export type { DavLimits, DavServerOptions, DavUser, ShareOption } from './options.ts';
export type { AcceptOptions } from './http/waiting-room.ts';
