import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { runCommand } from '@exrec/testing';

/** A TLS server on loopback in front of a plain one, with a certificate of a private authority. */
export type TlsFront = {
  readonly port: number;
  /** File of the authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
  /** Passes everything on to the server of this URL from now on. */
  passTo(url: string): void;
  stop(): Promise<void>;
};

/** @param dir where keys and certificates are put */
export async function startTlsFront(dir: string): Promise<TlsFront> {
  await makeCertificates(dir);
  const sockets = new Set<Socket>();
  let target: number | undefined;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const options = {
    key: readFileSync(join(dir, 'server.key')),
    cert: readFileSync(join(dir, 'server.pem')),
  };
  const server = createServer(options, (client) => {
    keep(client);
    if (target === undefined) return client.destroy();
    const upstream = connect(target, '127.0.0.1');
    keep(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.pipe(client).pipe(upstream);
    return client;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    caFile: join(dir, 'ca.pem'),
    passTo: (url) => {
      target = Number(new URL(url).port);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** An authority of our own, and a certificate of it for `localhost` and 127.0.0.1. */
async function makeCertificates(dir: string): Promise<void> {
  const file = (name: string) => join(dir, name);
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const authority = ['-x509', ...newKey, '-days', '2', '-subj', '/CN=private authority'];
  await openssl('req', ...authority, '-keyout', file('ca.key'), '-out', file('ca.pem'));
  const request = [...newKey, '-subj', '/CN=localhost', '-keyout', file('server.key')];
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await openssl('req', ...request, ...names, '-out', file('server.csr'));
  const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  const copied = ['-copy_extensions', 'copy', '-days', '2'];
  const files = ['-in', file('server.csr'), '-out', file('server.pem')];
  await openssl('x509', '-req', ...signing, ...copied, ...files);
}

async function openssl(...args: string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand('openssl', args);
  if (exitCode !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
}
