import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { audioFixture } from '@exrec/testing';
import { adminToken, apiToken } from './exrp-client.js';
import { ExrpStack } from './exrp-stack.js';

/** What must not be seen anywhere: planted in every input and in what the other side answers. */
const planted = {
  ani: '+4930555019901',
  dnis: '08005550199',
  agent: 'Canary.Agent',
  queue: 'VQ_CanaryQueue',
  userData: 'canary-user-data',
  webdavPassword: 'canary-webdav-pass',
  clientSecret: 'canary-client-secret',
  echoedBearer: 'canaryBearer0123456789',
  echoedUrl: 'canarySignature0123456789',
} as const;
const canaries = [...Object.values(planted), 'X-Amz-Signature', apiToken, adminToken];

const echo =
  `call from ${planted.ani} by "${planted.agent}", Bearer ${planted.echoedBearer}, ` +
  `https://s3.example/k?X-Amz-Signature=${planted.echoedUrl}`;

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start({
    simulator: { clients: [{ id: 'canary-client', secret: planted.clientSecret }] },
  });
});
afterAll(() => stack.stop());

const audio = audioFixture('short-en').bytes();

function injectPlanted(name: string) {
  const metadata = {
    ...sampleMetadata(name),
    ani: planted.ani,
    dnis: planted.dnis,
    agent: { id: planted.agent, dn: planted.dnis, userId: null },
    queue: { name: planted.queue, id: null },
  };
  return stack.inject(name, { metadata });
}

it('shows nothing of the caller, the agent, a secret or a signed URL, whatever goes wrong', async () => {
  const told = { code: 'echo', message: echo };
  const orders = {
    'good.opus': [],
    'rejected.opus': [{ target: 'gc.uploads', status: 400, ...told }],
    'unavailable.opus': [{ target: 'gc.uploads', status: 500, ...told }],
    'unreached.opus': [{ target: 's3.put', kind: 'reset' }],
    'moved.opus': [{ target: 's3.put', kind: 'redirect', location: `http://${planted.agent}/` }],
    'unsigned.opus': [{ target: 's3.put', kind: 'signatureDoesNotMatch' }],
    'elsewhere.opus': [
      { target: 'uploadUrl', kind: 'location', location: 'https://s3.canary.example' },
    ],
  };
  for (const [name, ordered] of Object.entries(orders)) {
    for (const order of ordered) {
      await stack.gc.faults.order({ ...order, subject: recordingIdOf(name) });
    }
    await stack.put(name, audio);
    await injectPlanted(name);
  }
  await injectPlanted('missing.opus');
  await stack.post('/api/v1/injections', {
    audioFile: planted.ani,
    metadata: { ani: planted.ani },
  });
  await stack.post('/api/v1/injections', `{"ani":"${planted.ani}`);
  await stack.get(`/api/v1/injections/${planted.agent}`);
  await stack.get(`/api/v1/${planted.dnis}?ani=${encodeURIComponent(planted.ani)}`);

  const final = ['rejected.opus', 'unsigned.opus'];
  const arriving = Object.keys(orders).filter((name) => !final.includes(name));
  await Promise.all(final.map((name) => stack.until(name, 'failed')));
  await Promise.all(arriving.map((name) => stack.until(name, 'uploaded')));
  await stack.until('missing.opus', 'waiting', 'audio-missing');

  const shown = {
    logs: stack.exrp.output(),
    metrics: String((await stack.get('/metrics', null)).data),
    health: JSON.stringify((await stack.get('/health/ready', null)).data),
    listing: JSON.stringify((await stack.get('/api/v1/injections')).data),
    deadLetters: JSON.stringify((await stack.get('/api/v1/injections?state=failed')).data),
  };
  expect(shown.logs).toContain(recordingIdOf('rejected.opus'));
  expect(shown.deadLetters).toContain(recordingIdOf('unsigned.opus'));
  for (const [where, text] of Object.entries(shown)) {
    const seen = canaries.filter((canary) => text.includes(canary));
    expect({ where, seen }).toEqual({ where, seen: [] });
  }
});

it('sends them where they belong: into the metadata of the recording', async () => {
  const { metadata } = await stack.verdict('good.opus');
  expect(metadata).toMatchObject({ ani: planted.ani, agent: { id: planted.agent } });
});
