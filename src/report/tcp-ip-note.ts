import { valueOf, type PointSummary } from '../results/index.ts';

/** How much TCP/IP would add to the bytes that are shown, over the points; empty where there are none. */
export function tcpIpNote(points: readonly PointSummary[]): string {
  const shares = points
    .map((point) => valueOf(point, { id: 'bytes.tcp-ip' }).mean / valueOf(point, { id: 'bytes' }).mean)
    .filter(Number.isFinite);
  if (shares.length === 0) return '';
  // No closer than an estimate deserves.
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => Math.round(share * 100));
  return `Bytes are those on the socket. TCP/IP adds an estimated ${least === most ? least : `${least} to ${most}`} % to them: headers, acknowledgements, opening and closing connections, without retransmissions (metric bytes.tcp-ip).`;
}
