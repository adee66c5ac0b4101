import {
  retryAfterMs,
  type Connection,
  type Credentials,
  type Exchange,
  type Session,
} from '../client/index.ts';

/** Too Many Requests (RFC 6585 section 4) and Service Unavailable (RFC 9110 section 15.6.4). */
const refusals = new Set([429, 503]);
export const isRefusal = (status: number): boolean => refusals.has(status);

/** Where the requests of a device are noted, each with the instant at which it should have started. */
export interface ExchangeDesk {
  readonly now: () => number;
  readonly onExchange: (device: number, exchange: Exchange, intendedAt: number) => void;
}

/** What a device asks with some credentials, one request after the other. */
export class DeviceSession implements Session {
  readonly connection: Connection;
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly onExchange: (exchange: Exchange) => void;
  /** When the next request should start: within a contact each follows the answer before it. */
  expectedAt: number;
  /** For how long the server asked to be left alone when it refused the last request, ms; `NaN` when it did not. */
  refusedForMs = NaN;
  /** Status of the last answer; 0 while a request has none. */
  lastStatus = 0;

  constructor(
    device: number,
    connection: Connection,
    credentials: Credentials,
    desk: ExchangeDesk,
    intendedAt: number,
  ) {
    this.connection = connection;
    this.credentials = credentials;
    this.now = desk.now;
    this.expectedAt = intendedAt;
    this.onExchange = (exchange) => {
      desk.onExchange(device, exchange, Math.min(this.expectedAt, exchange.startedAt));
      this.expectedAt = exchange.endedAt;
      this.lastStatus = exchange.answer.status;
      this.refusedForMs = isRefusal(exchange.answer.status) ? retryAfterMs(exchange.answer) : NaN;
    };
  }
}
