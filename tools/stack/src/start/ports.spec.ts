import { createServer, type Server } from 'node:net';
import { freePort } from '@exrec/testing';
import { choosePorts } from './ports.js';

const host = '127.0.0.1';
let other: Server;
let taken: number;

beforeAll(async () => {
  taken = await freePort();
  other = createServer();
  await new Promise<void>((resolve) => other.listen(taken, host, resolve));
});
afterAll(() => other.close());

const wish = (program: string, port: number) => ({
  ...{ program, host, port },
  setting: `${program.toUpperCase()}_PORT`,
});

it('gives each the port it wants, and any free one for 0', async () => {
  const port = await freePort();
  const [first, ...rest] = await choosePorts([wish('exrp', port), wish('a', 0), wish('b', 0)]);
  expect(first).toBe(port);
  expect(new Set([first, ...rest]).size).toBe(3);
  expect(rest).not.toContain(0);
});

it('names every port that is taken, who wants it and the setting to change', async () => {
  const choosing = choosePorts([wish('exrp', taken), wish('storage', taken), wish('excp', 0)]);
  await expect(choosing).rejects.toThrow(new RegExp(`${taken}: .*exrp.*EXRP_PORT=`));
  await expect(choosing).rejects.toThrow(new RegExp(`${taken}: .*storage.*STORAGE_PORT=`));
});

it('notices that two programs were given the same port', async () => {
  const port = await freePort();
  await expect(choosePorts([wish('exrp', port), wish('excp', port)])).rejects.toThrow(/EXCP_PORT=/);
});
