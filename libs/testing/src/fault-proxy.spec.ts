import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import { waitFor } from './wait-for.js';

/** A server that answers every connection with `greeting` and keeps what it is sent. */
let target: Server;
let received: Buffer[];
let targetSockets: Socket[];
let targetErrors: string[];
let greeting: Buffer;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  received = [];
  targetSockets = [];
  targetErrors = [];
  greeting = Buffer.alloc(0);
  target = createServer({ allowHalfOpen: true }, (socket) => {
    targetSockets.push(socket);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', (error) => targetErrors.push(String(error)));
    socket.write(greeting);
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const { port } = target.address() as AddressInfo;
  proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
});

afterEach(async () => {
  for (const socket of [...clients.splice(0), ...targetSockets]) socket.destroy();
  await proxy.stop();
  await new Promise((resolve) => target.close(resolve));
});

type Client = { socket: Socket; bytes: () => Buffer; error: () => string; closed: () => boolean };

async function dial(): Promise<Client> {
  const socket = connect(proxy.port, proxy.host);
  const chunks: Buffer[] = [];
  let error = '';
  clients.push(socket);
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', (fault: Error) => (error = String(fault)));
  await once(socket, 'connect');
  return {
    socket,
    bytes: () => Buffer.concat(chunks),
    error: () => error,
    closed: () => socket.destroyed,
  };
}

const receivedBytes = () => Buffer.concat(received);

describe('startFaultProxy', () => {
  it('passes bytes and half-closed connections on unchanged when nothing is ordered', async () => {
    greeting = randomBytes(300_000);
    const sent = randomBytes(300_000);
    const client = await dial();
    client.socket.end(sent);
    await waitFor('all bytes up', () => receivedBytes().length === sent.length);
    await waitFor('the end of the way up', () => targetSockets[0]!.readableEnded);
    targetSockets[0]!.end('bye');
    await waitFor('the end', client.closed);
    expect(receivedBytes().equals(sent)).toBe(true);
    expect(client.bytes().equals(Buffer.concat([greeting, Buffer.from('bye')]))).toBe(true);
    expect(proxy.connections()).toBe(1);
  });

  it('cuts the way up after exactly N bytes', async () => {
    proxy.order({ upstream: { cutAfterBytes: 1_000 } });
    const client = await dial();
    client.socket.write(randomBytes(5_000));
    await waitFor('the cut', client.closed);
    await waitFor('the bytes', () => receivedBytes().length >= 1_000);
    expect(receivedBytes()).toHaveLength(1_000);
  });

  it('cuts the way down after exactly N bytes', async () => {
    greeting = randomBytes(5_000);
    proxy.order({ downstream: { cutAfterBytes: 1_000 } });
    const client = await dial();
    await waitFor('the cut', client.closed);
    expect(client.bytes()).toHaveLength(1_000);
    expect(client.error()).toBe('');
  });

  it('resets both sides instead of an answer', async () => {
    proxy.order({ downstream: { cutAfterBytes: 0, cutBy: 'reset' } });
    const client = await dial();
    client.socket.write('request');
    await waitFor('the request', () => receivedBytes().length === 7);
    targetSockets[0]!.write('answer');
    await waitFor('the reset', client.closed);
    expect(client.error()).toContain('ECONNRESET');
    expect(client.bytes()).toHaveLength(0);
    await waitFor('the reset of the target', () => targetErrors.length > 0);
  });

  it('stalls after N bytes and goes on when healed', async () => {
    greeting = randomBytes(5_000);
    proxy.order({ downstream: { stallAfterBytes: 1_000 } });
    const client = await dial();
    await waitFor('the first bytes', () => client.bytes().length >= 1_000);
    client.socket.write('still open');
    await waitFor('the other direction', () => receivedBytes().length === 10);
    expect(client.bytes()).toHaveLength(1_000);
    proxy.order({});
    await waitFor('the rest', () => client.bytes().length === 5_000);
    expect(client.bytes().equals(greeting)).toBe(true);
  });

  it('holds everything back while paused', async () => {
    const client = await dial();
    await waitFor('the connection', () => targetSockets.length === 1);
    proxy.pause();
    client.socket.write('x');
    targetSockets[0]!.write('y');
    const other = await dial();
    proxy.order({ upstream: {} });
    expect([receivedBytes().length, client.bytes().length, other.closed()]).toEqual([0, 0, false]);
    proxy.resume();
    await waitFor('both bytes', () => receivedBytes().length === 1 && client.bytes().length === 1);
  });

  it('limits the bandwidth and delays', async () => {
    proxy.order({ upstream: { bytesPerSecond: 100_000, latencyMs: 50 } });
    const client = await dial();
    const startedAt = Date.now();
    client.socket.write(randomBytes(20_000));
    await waitFor('the bytes', () => receivedBytes().length === 20_000);
    // 20 kB at 100 kB/s and the delay; timers may be early by a millisecond each.
    expect(Date.now() - startedAt).toBeGreaterThan(200);
  });

  it('splits what comes in one piece', async () => {
    proxy.order({ upstream: { pieceBytes: 100 } });
    const client = await dial();
    client.socket.write(randomBytes(1_000));
    await waitFor('the bytes', () => receivedBytes().length === 1_000);
    expect(received.length).toBeGreaterThan(1);
  });

  it('resets what is open and takes new connections', async () => {
    const client = await dial();
    await waitFor('the connection', () => targetSockets.length === 1);
    proxy.reset();
    await waitFor('the reset', client.closed);
    expect(client.error()).toContain('ECONNRESET');
    const next = await dial();
    next.socket.write('again');
    await waitFor('the new connection', () => receivedBytes().toString() === 'again');
  });

  it('refuses until told to accept, on the same port', async () => {
    await proxy.refuse();
    await expect(dial()).rejects.toThrow('ECONNREFUSED');
    await proxy.accept();
    const client = await dial();
    client.socket.write('hello');
    await waitFor('the connection', () => receivedBytes().toString() === 'hello');
  });

  it('ends the client when the target is down', async () => {
    await new Promise((resolve) => target.close(resolve));
    const client = await dial();
    await waitFor('the end', client.closed);
  });
});
