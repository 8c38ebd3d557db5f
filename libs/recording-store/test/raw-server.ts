import { createServer, type AddressInfo, type Socket } from 'node:net';

export type RawServer = {
  readonly url: string;
  /** First lines and headers of the requests so far. */
  readonly requests: readonly string[];
  /** Connections so far. */
  connections(): number;
  stop(): Promise<void>;
};

/** A server on 127.0.0.1 that answers each request as `answer` says, down to the byte. */
export async function startRawServer(
  answer: (socket: Socket, request: string) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
    let seen = '';
    socket.on('data', (data) => {
      seen += data.toString('latin1');
      for (let whole = firstRequest(seen); whole !== undefined; whole = firstRequest(seen)) {
        seen = seen.slice(whole.length);
        requests.push(whole);
        answer(socket, whole);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/rec/`,
    requests,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function firstRequest(text: string): string | undefined {
  const headEnd = text.indexOf('\r\n\r\n') + 4;
  if (headEnd === 3) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, headEnd))?.[1] ?? 0);
  return text.length < headEnd + length ? undefined : text.slice(0, headEnd + length);
}

/** The text of an answer with a `Content-Length`. */
export function response(
  status: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const lines = Object.entries({ 'content-length': `${Buffer.byteLength(body)}`, ...headers });
  return `HTTP/1.1 ${status}\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n${body}`;
}
