import { createServer } from 'node:net';

/**
 * Ports that the kernel gives to no outgoing connection, so that a port which was found free is still free when its
 * program binds it. Each Jest worker has its own part of them; whatever runs outside Jest has the first one.
 */
const firstPort = 12_000;
const portsOfWorker = 1_500;
const parts = 13;
const ownPorts = firstPort + (Number(process.env.JEST_WORKER_ID ?? 0) % parts) * portsOfWorker;

/** Begins anywhere: another run of the tests has the same ports. */
let turn = Math.floor(Math.random() * portsOfWorker);

/** A TCP port on 127.0.0.1 that nobody listens on at this moment, and that this process was not given lately. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsOfWorker; tries += 1) {
    turn = (turn + 1) % portsOfWorker;
    const port = ownPorts + turn;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${ownPorts} to ${ownPorts + portsOfWorker - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
