import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { handlesByKind } from './handles.js';

it('tells connections by where they lead', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  const client = connect(port, '127.0.0.1');
  const [[accepted]] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    once(client, 'connect'),
  ]);
  const kinds = await handlesByKind(process.pid, new Map([[port, 'Redis']]));
  client.destroy();
  server.close();
  accepted.destroy();
  expect(kinds.get('to Redis')).toBe(1);
  expect(kinds.get('from clients')).toBeGreaterThanOrEqual(1);
  expect(kinds.get('listening')).toBeGreaterThanOrEqual(1);
});
