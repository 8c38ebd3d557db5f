import { createServer } from 'node:net';
import { freePort } from './free-port.js';

it('never gives a port twice to those who ask at once, nor one that is taken', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  const next = Math.max(...ports) + 1;
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(next, '127.0.0.1', resolve));
  expect(await freePort()).not.toBe(next);
  await new Promise((resolve) => taken.close(resolve));
});
