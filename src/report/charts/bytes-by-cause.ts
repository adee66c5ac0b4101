import { byteCauses } from '../../../sim/index.ts';
import { estimate } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { drawComposition } from './composition.ts';

const dayMs = 86_400_000;

export const bytesByCause: Chart = {
  id: 'bytes',
  title: 'What the bytes are spent on',
  caption:
    'Bytes on the socket, both ways, per device and day; the total stands beside each bar. Check: asking whether something changed. Fetch: the changes themselves. Connect: handshakes. TCP/IP headers and acknowledgements come on top.',
  draw: ({ shown }) =>
    drawComposition(
      shown.flatMap(({ label, runs }) =>
        byteCauses.map((part) => ({
          label,
          part,
          amount: estimate(
            runs.map((run) => {
              const found = run.bytes.filter(({ cause }) => cause === part);
              const sum = found.reduce((bytes, { up, down }) => bytes + up + down, 0);
              return (sum * dayMs) / (run.devices * run.countedMs);
            }),
          ).mean,
        })),
      ),
      { unit: 'bytes/device-day', axisTitle: 'Share of bytes', partTitle: 'Cause' },
    ),
};
