import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendLoad } from './load.js';
import { jsonPost } from './raw-connection.js';

let server: Server;
let bodies: string[];
let status: number;

beforeEach(async () => {
  bodies = [];
  status = 200;
  server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      const answer = Buffer.alloc(700_000);
      response.writeHead(status, { 'content-length': answer.length }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function send() {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const request = (index: number) => [jsonPost('/x', `${index}`)];
  return sendLoad({ port, connections: 4, requests: 9, request });
}

it('sends every request once and waits for the whole of each answer', async () => {
  const { latenciesMs } = await send();
  expect(bodies.map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(latenciesMs).toHaveLength(9);
});

it('fails when a request was refused', async () => {
  status = 503;
  await expect(send()).rejects.toThrow('503');
});
