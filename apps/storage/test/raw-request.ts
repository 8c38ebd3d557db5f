import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { authorization } from './storage-server.js';

/** A connection on which the start of a request has been sent, byte for byte. */
export async function sendRaw(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Head of a request with the right credentials. */
export function head(requestLine: string, ...headers: readonly string[]): string {
  return [
    `${requestLine} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: ${authorization}`,
    ...headers,
    '',
    '',
  ].join('\r\n');
}

/** Sends a request as it is and gives the status of the answer. */
export async function rawStatus(port: number, text: string): Promise<number> {
  const socket = await sendRaw(port, text);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString('latin1'))?.[1]);
}
