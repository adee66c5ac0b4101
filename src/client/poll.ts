import type { DavRequest } from './lane.ts';
import { PreparedRequest } from './prepared-request.ts';
import { withCredentials, type Credentials } from './session.ts';

/**
 * What a device asks of one collection again and again. The request is built once for as long as it stays the same,
 * and an answer that is to the byte the one that showed nothing new shows nothing new again.
 */
export class Poll {
  #key = '';
  #credentials: Credentials | undefined;
  #request: PreparedRequest | undefined;
  #quietBody: string | undefined;

  /** The request that `key` stands for. */
  request(credentials: Credentials, key: string, make: () => DavRequest): PreparedRequest {
    if (this.#request !== undefined && this.#key === key && this.#credentials === credentials) {
      return this.#request;
    }
    this.#key = key;
    this.#credentials = credentials;
    this.#quietBody = undefined;
    this.#request = new PreparedRequest(withCredentials(credentials, make()));
    return this.#request;
  }

  /** Whether this body, in answer to the same request, showed nothing new before. */
  isQuiet(body: string): boolean {
    return body === this.#quietBody;
  }

  /** The answer to the request that was made last shows nothing new. */
  wasQuiet(body: string): void {
    this.#quietBody = body;
  }
}
