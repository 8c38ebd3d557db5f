import { RawConnection } from './raw-connection.js';

export type Load = {
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
  /** The parts of the request with this number, from 0. */
  readonly request: (index: number) => readonly Buffer[];
};

export type LoadResult = {
  readonly durationMs: number;
  readonly latenciesMs: readonly number[];
};

/**
 * Sends all requests over a fixed number of connections, the next on each as soon as the last was answered.
 * @throws when one is not answered 2xx
 */
export async function sendLoad({
  port,
  connections,
  requests,
  request,
}: Load): Promise<LoadResult> {
  const width = Math.min(connections, requests);
  const opened = await Promise.all(Array.from({ length: width }, () => RawConnection.open(port)));
  const latenciesMs: number[] = [];
  let next = 0;
  const work = async (connection: RawConnection) => {
    while (next < requests) {
      const index = next;
      next += 1;
      const startedAtMs = performance.now();
      const { status } = await connection.send(...request(index));
      if (status < 200 || status > 299) throw new Error(`request ${index} was answered ${status}`);
      latenciesMs.push(performance.now() - startedAtMs);
    }
  };
  const startedAtMs = performance.now();
  try {
    await Promise.all(opened.map(work));
    return { durationMs: performance.now() - startedAtMs, latenciesMs };
  } finally {
    for (const connection of opened) connection.close();
  }
}
