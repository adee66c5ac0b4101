import type { TransportSpec } from '../spec.ts';

/** Round trips before the first request on a new connection: one for TCP; TLS 1.3 adds one (RFC 8446 section 2). */
export const connectRoundTrips = ({ tls }: TransportSpec): number => (tls ? 2 : 1);
