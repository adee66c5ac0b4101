import { expect, it } from 'vitest';
import { setPushFaults } from '../../src/live/index.ts';
import { serverThat } from './server-that.ts';

it('asks for faults over a connection of their own, which nobody can have closed', async () => {
  const connections: (string | undefined)[] = [];
  using server = await serverThat((request, answer) => {
    connections.push(request.headers.connection);
    answer.writeHead(204).end();
  });
  await setPushFaults(server.url, { seed: 1 }, []);
  await setPushFaults(server.url, { seed: 1 }, []);
  expect(connections).toEqual(['close', 'close']);
});

it('says so when the push service takes no faults, or is gone', async () => {
  let url: string;
  {
    using server = await serverThat((_, answer) => void answer.writeHead(400).end());
    ({ url } = server);
    await expect(setPushFaults(url, { seed: 1 }, [])).rejects.toMatchObject({
      code: 'DAVPULSE_SERVER_FAILED',
    });
  }
  await expect(setPushFaults(url, { seed: 1 }, [])).rejects.toMatchObject({
    code: 'DAVPULSE_SERVER_UNREACHABLE',
  });
});
