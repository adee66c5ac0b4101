import type { DavRequest } from './lane.ts';

/** A request that is sent again and again as it is, with what a lane made of it. */
export class PreparedRequest implements DavRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: DavRequest['headers'];
  readonly body: string;
  /** As it goes over the socket to one host. */
  written: { readonly host: string; readonly text: string; readonly encoding: 'latin1' | 'utf8' } | undefined;

  constructor({ method, path, headers, body = '' }: DavRequest) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }
}
