import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audioFixture } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';
import { startTinyproxy, type Tinyproxy } from './tinyproxy.js';
import { startTlsFront, type TlsFront } from './tls-front.js';

const audio = audioFixture('short-en').bytes();
let dir: string;
let proxy: Tinyproxy;
let front: TlsFront;
let stack: ExrpStack;

/** Genesys Cloud is `localhost` here and S3 is 127.0.0.1, both behind TLS of a private authority. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-proxy-'));
  [proxy, front] = await Promise.all([startTinyproxy(dir), startTlsFront(dir)]);
  stack = await ExrpStack.start({
    settings: {
      GC_API_URL: `https://localhost:${front.port}`,
      GC_LOGIN_URL: `https://localhost:${front.port}`,
      EXRP_ALLOW_INSECURE_UPLOAD: 'false',
      EXRP_REPORT_INTERVAL_MINUTES: '0.02',
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: front.caFile,
    },
    simulator: { s3Origin: `https://127.0.0.1:${front.port}` },
  });
  front.passTo(stack.gc.url);
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([proxy.stop(), front.stop()]);
  await rm(dir, { recursive: true, force: true });
});

const toGc = () => `localhost:${front.port}`;
const toS3 = () => `127.0.0.1:${front.port}`;

describe('behind a proxy, and with certificates of a private authority', () => {
  it('a recording is uploaded and confirmed, and every connection goes through the proxy', async () => {
    await stack.put('far.opus', audio);
    await stack.inject('far.opus');
    await stack.until('far.opus', 'confirmed');
    expect((await stack.verdict('far.opus')).verdict).toEqual({ ok: true, problems: [] });
    expect(new Set(proxy.tunnels())).toEqual(new Set([toGc(), toS3()]));
  });

  it('hosts of NO_PROXY are reached directly, the others through the proxy', async () => {
    await stack.exrp.kill();
    const before = proxy.tunnels().filter((to) => to === toGc()).length;
    const { client } = await stack.another({ NO_PROXY: 'localhost', REDIS_KEY_PREFIX: 'near' });
    const s3Before = proxy.tunnels().filter((to) => to === toS3()).length;
    await stack.put('near.opus', audio);
    await client.inject('near.opus');
    await client.until('near.opus', 'confirmed');
    expect(proxy.tunnels().filter((to) => to === toGc())).toHaveLength(before);
    expect(proxy.tunnels().filter((to) => to === toS3()).length).toBeGreaterThan(s3Before);
  });

  it('without the authority nothing is sent: the recording waits', async () => {
    const { client } = await stack.another({
      NODE_EXTRA_CA_CERTS: '',
      REDIS_KEY_PREFIX: 'untrusting',
    });
    await stack.put('untrusted.opus', audio);
    await client.inject('untrusted.opus');
    await client.until('untrusted.opus', 'waiting', 'no-key');
    expect(stack.arrived('untrusted.opus')).toBeUndefined();
  });
});
