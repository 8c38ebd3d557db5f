import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to the bytes of each connection in one direction. */
export type FaultOrders = {
  /** Waits this long before each chunk. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Passes bytes on in pieces of at most this size, each in a packet of its own. */
  readonly pieceBytes?: number;
  /** Lets exactly this many bytes through, then ends the connection as `cutBy` says. */
  readonly cutAfterBytes?: number;
  /** `close` (default): FIN to both sides. `reset`: RST to both sides. */
  readonly cutBy?: 'close' | 'reset';
  /** Lets exactly this many bytes through, then stays silent with the connection open. */
  readonly stallAfterBytes?: number;
};

export type Faults = {
  /** Client to target. */
  readonly upstream?: FaultOrders;
  /** Target to client. */
  readonly downstream?: FaultOrders;
};

export type FaultProxy = {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Replaces the orders, for connections that exist as well; `{}` heals. Byte counts go on. */
  order(faults: Faults): void;
  /** Holds every byte back, in both directions, until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends every open connection by RST. */
  reset(): void;
  /** Open connections end, new ones are refused (ECONNREFUSED) until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** How many connections were taken so far. */
  connections(): number;
  stop(): Promise<void>;
};

export type FaultProxyOptions = {
  readonly target: { readonly host: string; readonly port: number };
  readonly faults?: Faults;
};

/** How often a held connection looks whether its orders have changed. */
const checkMs = 10;
/** A limited stream goes in steps of this length. */
const bandwidthStepMs = 20;
const pieceStepMs = 1;

/** A TCP proxy on 127.0.0.1 that does to a connection what a bad network does. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const state: State = {
    faults: options.faults ?? {},
    paused: false,
    sockets: new Set(),
    connections: 0,
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    state.connections += 1;
    join(client, options.target, state);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  const endAll = () => {
    for (const socket of state.sockets) socket.resetAndDestroy();
  };
  const refuse = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    endAll();
    await closed;
  };
  return {
    host: '127.0.0.1',
    port,
    order: (faults) => (state.faults = faults),
    pause: () => (state.paused = true),
    resume: () => (state.paused = false),
    reset: endAll,
    refuse,
    accept: () => listen(server, port),
    connections: () => state.connections,
    stop: refuse,
  };
}

type State = {
  faults: Faults;
  paused: boolean;
  readonly sockets: Set<Socket>;
  connections: number;
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function join(client: Socket, target: FaultProxyOptions['target'], state: State): void {
  const upstream = new Socket({ allowHalfOpen: true });
  for (const socket of [client, upstream]) {
    state.sockets.add(socket);
    socket.setNoDelay(true);
    // An error is always followed by `close`, where the other side is ended.
    socket.on('error', () => undefined);
    socket.on('close', (hadError) => {
      state.sockets.delete(socket);
      if (hadError) for (const other of [client, upstream]) other.resetAndDestroy();
    });
  }
  upstream.connect(target.port, target.host);
  void pump({ from: client, to: upstream, state, orders: () => state.faults.upstream ?? {} });
  void pump({ from: upstream, to: client, state, orders: () => state.faults.downstream ?? {} });
}

type Direction = {
  readonly from: Socket;
  readonly to: Socket;
  readonly state: State;
  readonly orders: () => FaultOrders;
};

async function pump(direction: Direction): Promise<void> {
  const { from, to } = direction;
  let passed = 0;
  try {
    // A socket without an encoding yields Buffers.
    const chunks: AsyncIterable<Buffer> = from.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      passed = await passOn(direction, chunk, passed);
    }
    await permission(direction, passed);
    to.end();
  } catch {
    // The connection is over, by order or because one side left: end what is left of it.
    from.destroy();
    to.destroy();
  }
}

/** @returns how many bytes went this way so far */
async function passOn(direction: Direction, chunk: Buffer, before: number): Promise<number> {
  const { latencyMs } = direction.orders();
  if (latencyMs !== undefined) await sleep(latencyMs);
  let passed = before;
  for (let rest = chunk; rest.length > 0;) {
    const allowed = await permission(direction, passed);
    const piece = rest.subarray(0, Math.min(rest.length, allowed));
    await write(direction.to, piece);
    passed += piece.length;
    rest = rest.subarray(piece.length);
    if (direction.orders().bytesPerSecond !== undefined) await sleep(bandwidthStepMs);
    // Pieces that follow at once are read as one.
    if (direction.orders().pieceBytes !== undefined) await sleep(pieceStepMs);
    if (passed === direction.orders().cutAfterBytes) cut(direction);
  }
  return passed;
}

/** Waits until bytes may go on; returns how many. */
async function permission(direction: Direction, passed: number): Promise<number> {
  for (;;) {
    const { cutAfterBytes, stallAfterBytes, bytesPerSecond, pieceBytes } = direction.orders();
    if (cutAfterBytes !== undefined && passed >= cutAfterBytes) cut(direction);
    if (direction.to.destroyed) throw new Error('the other side is gone');
    const stalled = stallAfterBytes !== undefined && passed >= stallAfterBytes;
    if (!stalled && !direction.state.paused) {
      const limits = [cutAfterBytes, stallAfterBytes]
        .filter((limit) => limit !== undefined)
        .map((limit) => limit - passed);
      const step =
        bytesPerSecond === undefined ? Infinity : (bytesPerSecond * bandwidthStepMs) / 1000;
      return Math.min(Math.max(1, Math.round(step)), pieceBytes ?? Infinity, ...limits);
    }
    await sleep(checkMs);
  }
}

function cut({ from, to, orders }: Direction): never {
  if (orders().cutBy === 'reset') {
    from.resetAndDestroy();
    to.resetAndDestroy();
  }
  throw new Error('cut by order');
}

function write(to: Socket, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
