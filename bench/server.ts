/**
 * `npm run bench:server`: requests per second of the bundled server beside Debian's radicale, xandikos and cyrus-imapd,
 * where they are installed, in one run. `-- --json` prints JSON lines, `--seconds N` the time of each row,
 * `--only davpulse,cyrus` chooses servers, `--sizes 500,10000` the calendars.
 */
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { prepareRows, runRows, seed, type Figure, type Prepared } from './server/run-rows.ts';
import { peerNames, startDavpulse, startPeer, type Target } from './server/targets.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string' },
    sizes: { type: 'string', default: '500,10000' },
    'seed-seconds': { type: 'string', default: '100' },
  },
});
const rowMs = Number(values.seconds) * 1000;
const sizes = values.sizes.split(',').map(Number);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const note = (text: string): void => {
  if (!values.json) print(text);
};

const targets: Target[] = [];
await using stack = new AsyncDisposableStack();
for (const name of ['davpulse', ...peerNames]) {
  if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
  const target = name === 'davpulse' ? await startDavpulse() : await startPeer(name);
  if (target === undefined) note(`${name}: not installed or did not start, left out`);
  else targets.push(stack.use(target));
}

const figures: Figure[] = [];
const filled = new Map<Target, number>();
for (const size of sizes) {
  const prepared: Prepared[] = [];
  for (const target of targets) {
    const from = filled.get(target) ?? 0;
    if (await seed(target, from, size, Number(values['seed-seconds']) * 1000)) {
      filled.set(target, size);
      prepared.push(await prepareRows(target, size));
    } else note(`${target.name}: filling ${size} events takes too long, left out`);
  }
  const measured = [
    ...(await runRows(prepared, size, rowMs)),
    ...prepared.map(({ target }) => ({
      server: target.name,
      events: size,
      row: 'memory, MiB',
      perSecond: target.memoryMiB(),
    })),
  ];
  figures.push(...measured);
  if (values.json) for (const figure of measured) print(JSON.stringify(figure));
}
if (!values.json) printTable(figures);

function printTable(all: readonly Figure[]): void {
  const servers = [...new Set(all.map(({ server }) => server))];
  const table = new Table({
    head: ['requests/s', 'events', ...servers, 'to the best other'],
    style: { head: [] },
  });
  for (const size of sizes) {
    for (const row of new Set(all.map((figure) => figure.row))) {
      const of = (server: string): number | undefined =>
        all.find((figure) => figure.server === server && figure.row === row && figure.events === size)
          ?.perSecond;
      const own = of('davpulse');
      const others = servers.filter((server) => server !== 'davpulse').map((server) => of(server) ?? 0);
      const best = Math.max(0, ...others);
      const ratio =
        own === undefined || best === 0 || row.startsWith('memory') ? '' : `${(own / best).toFixed(1)} x`;
      table.push([row, size, ...servers.map((server) => of(server)?.toFixed(0) ?? '–'), ratio]);
    }
  }
  print(table.toString());
}
