import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxyOf } from '../src/transport/outbound-agents.js';
import { gcApiFor, portOf, startScriptedGc, type ScriptedGc } from './scripted-gc.js';

describe('proxyOf', () => {
  const HTTPS_PROXY = 'http://proxy.test:3128';
  it.each([
    ['https://api.mypurecloud.de', { HTTPS_PROXY }, HTTPS_PROXY],
    [
      'https://api.mypurecloud.de',
      { HTTPS_PROXY, NO_PROXY: '.example.com,localhost' },
      HTTPS_PROXY,
    ],
    ['https://api.mypurecloud.de', { HTTPS_PROXY, NO_PROXY: 'x.test, .mypurecloud.de' }, undefined],
    ['https://api.mypurecloud.de', { HTTPS_PROXY, NO_PROXY: '*' }, undefined],
    [
      'https://api.mypurecloud.de',
      { HTTPS_PROXY, NO_PROXY: 'api.mypurecloud.de:8443' },
      HTTPS_PROXY,
    ],
    ['https://api.mypurecloud.de', {}, undefined],
    ['http://127.0.0.1:9000', { HTTPS_PROXY }, undefined],
  ])('%s with %j', (url, proxyEnv, expected) => {
    const before = { ...process.env };
    expect(proxyOf(url, proxyEnv)).toBe(expected);
    expect({ ...process.env }).toEqual(before);
  });
});

describe('GC behind a proxy', () => {
  let dir: string;
  let ca: string;
  let gc: ScriptedGc;
  let tlsGc: Server;
  let proxy: Server;
  let proxyStatus = 200;
  const tunnels: string[] = [];
  const proxyCredentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'exrec-proxy-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=gc.test', '-addext', 'subjectAltName=DNS:*.gc.test'];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', [...args, ...subject], { stdio: 'ignore' });
    ca = readFileSync(cert, 'utf8');
    gc = await startScriptedGc();
    tlsGc = createHttpsServer({ key: readFileSync(key), cert: ca }, (request, response) => {
      const isLogin = request.url === '/oauth/token';
      response.setHeader('content-type', 'application/json');
      response.end(
        isLogin ? '{"access_token":"t","expires_in":600}' : '{"transcription":"Disabled"}',
      );
    });
    proxy = createHttpServer().on('connect', (request, clientSocket: Socket) => {
      tunnels.push(request.url ?? '');
      proxyCredentials.push(request.headers['proxy-authorization']);
      sockets.add(clientSocket);
      clientSocket.on('error', () => undefined);
      if (proxyStatus !== 200) {
        clientSocket.end(`HTTP/1.1 ${proxyStatus} No\r\n\r\n`);
        return;
      }
      // Whatever host is asked for, this proxy knows one GC.
      const upstream = connect(portOf(tlsGc), '127.0.0.1', () => {
        clientSocket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(clientSocket).pipe(upstream);
      });
      sockets.add(upstream);
      upstream.on('error', () => clientSocket.destroy());
    });
    await Promise.all(
      [tlsGc, proxy].map(
        (server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)),
      ),
    );
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    tlsGc.closeAllConnections();
    await Promise.all([tlsGc, proxy].map((server) => new Promise((done) => server.close(done))));
    await gc.stop();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    tunnels.length = 0;
    proxyCredentials.length = 0;
    proxyStatus = 200;
  });

  const hosts = { apiUrl: 'https://api.gc.test', loginUrl: 'https://login.gc.test' };
  const proxyUrl = () => `http://operator:pass@127.0.0.1:${portOf(proxy)}`;

  it('is reached through it by name, login and API alike, with the proxy’s own credentials', async () => {
    const api = gcApiFor(gc, { hosts, ca, proxyEnv: { HTTPS_PROXY: proxyUrl() } });
    await expect(api.transcriptionSettings()).resolves.toEqual({ transcription: 'Disabled' });
    await api.transcriptionSettings();
    expect(tunnels).toEqual(['login.gc.test:443', 'api.gc.test:443']);
    expect(proxyCredentials[0]).toBe(`Basic ${Buffer.from('operator:pass').toString('base64')}`);
    api.close();
  });

  it('is not reached through it when NO_PROXY names the host', async () => {
    const proxyEnv = { HTTPS_PROXY: proxyUrl(), NO_PROXY: '.gc.test' };
    const api = gcApiFor(gc, { hosts, ca, proxyEnv });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unavailable' });
    expect(tunnels).toEqual([]);
    api.close();
  });

  it('is gc-unavailable when the proxy refuses, without the proxy’s password', async () => {
    proxyStatus = 407;
    const api = gcApiFor(gc, { hosts, ca, proxyEnv: { HTTPS_PROXY: proxyUrl() } });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({
      code: 'gc-unavailable',
      retry: 'later',
      detail: 'POST /oauth/token: the proxy answered 407',
    });
    api.close();
  });

  it('is refused when its certificate is not trusted', async () => {
    const api = gcApiFor(gc, { hosts, proxyEnv: { HTTPS_PROXY: proxyUrl() } });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({
      code: 'gc-unavailable',
      detail: 'POST /oauth/token: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    api.close();
  });
});
