import { createServer, type AddressInfo, type Socket } from 'node:net';

export type RawCapture = {
  readonly url: string;
  /** The requests so far as they were on the wire: the head, and the body's bytes. */
  readonly requests: readonly { readonly head: string; readonly body: Buffer }[];
  stop(): Promise<void>;
};

/** A server on 127.0.0.1 that keeps every request to the byte and answers 200. */
export async function startRawCapture(): Promise<RawCapture> {
  const requests: { head: string; body: Buffer }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    let seen = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      seen = Buffer.concat([seen, piece]);
      const headEnd = seen.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = seen.toString('latin1', 0, headEnd);
      const body = seen.subarray(headEnd + 4);
      if (body.length < Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)) return;
      requests.push({ head, body });
      seen = Buffer.alloc(0);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
