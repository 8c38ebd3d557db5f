import { randomUUID } from 'node:crypto';
import { startGcSimulator, type FaultOrder, type GcSimulator } from '../../src/gc/index.js';
import { call, logIn, upload } from './gc-client.js';
import { packStored, sampleRecording, type SampleOptions } from './sample-recording.js';

const path = '/api/v2/recording/uploads/reports';
const longAgo = '2020-01-01T00:00:00.000Z';

async function uploaded(simulator: GcSimulator, options: SampleOptions = {}) {
  const sample = await sampleRecording(simulator.currentKey(), options);
  await upload(simulator, sample.fileName, sample.zip);
  return sample;
}

/** Asks for a report as EXRP does and downloads it. */
async function report(
  simulator: GcSimulator,
  request: object = { dateSince: longAgo },
): Promise<string> {
  const api = await logIn(simulator);
  const { json: asked } = await api(path, request);
  expect(asked.state).toBe('InProgress');
  const poll = () => api(`${path}/${String(asked.id)}`);
  expect((await poll()).json).toMatchObject({ state: 'InProgress' });
  const { json: answer } = await poll();
  expect(answer).toMatchObject({ id: asked.id, state: 'Completed' });
  const download = await call(String(answer.signedUrl));
  expect(download.status).toBe(200);
  return download.text;
}

function statusOf(csv: string, fileName: string): string | undefined {
  return csv
    .split('\r\n')
    .find((line) => line.startsWith(fileName))
    ?.split(',')[3];
}

describe('upload reports', () => {
  let simulator: GcSimulator;
  beforeAll(async () => {
    simulator = await startGcSimulator({ olderKeys: 0 });
  });
  afterEach(() => simulator.faults.clear());
  afterAll(() => simulator.stop());

  it('tell Success after a good verdict and Failure with its reason after a bad one', async () => {
    const good = await uploaded(simulator);
    const bad = await uploaded(simulator, { pack: (entries) => packStored(entries.slice(0, 1)) });
    await simulator.settled();
    const csv = await report(simulator);
    expect(statusOf(csv, good.fileName)).toBe('Success');
    expect(statusOf(csv, bad.fileName)).toBe('Failure');
    expect(csv).toContain('1 entries instead of 2');
    const failures = await report(simulator, { dateSince: longAgo, uploadStatus: 'Failure' });
    expect(failures).not.toContain(good.fileName);
    expect(failures).toContain(bad.fileName);
    expect(await report(simulator, { dateSince: '2100-01-01T00:00:00Z' })).not.toContain('.zip');
  });

  it('tell what was ordered for a recording', async () => {
    const { recordingId, fileName } = await uploaded(simulator);
    await simulator.faults.order({
      target: 'report',
      recordingId,
      uploadStatus: 'Failure',
      message: 'no, really',
    });
    const csv = await report(simulator);
    expect(statusOf(csv, fileName)).toBe('Failure');
    expect(csv).toContain('"no, really"');
  });

  it.each<
    [
      style: Omit<Extract<FaultOrder, { target: 'report-style' }>, 'target'>,
      check: (text: Buffer) => void,
    ]
  >([
    [{ bom: true }, (text) => expect([...text.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])],
    [{ quoted: true }, (text) => expect(text.toString()).toMatch(/^"File Name","Upload Key"/)],
    [
      { format: 'json' },
      (text) => expect(Object.keys(JSON.parse(text.toString()))).toEqual(['entities']),
    ],
  ])('come in the style %j', async (style, check) => {
    await simulator.faults.order({ target: 'report-style', ...style, polls: 0 });
    const api = await logIn(simulator);
    const { json } = await api(path, { dateSince: longAgo });
    const { signedUrl } = (await api(`${path}/${String(json.id)}`)).json;
    check(Buffer.from(await (await fetch(String(signedUrl))).arrayBuffer()));
    const tampered = String(signedUrl).replace('Expires=600', 'Expires=6000');
    expect((await call(tampered)).status).toBe(403);
  });

  it('fail when ordered', async () => {
    await simulator.faults.order({ target: 'report-style', fails: true, polls: 0 });
    const api = await logIn(simulator);
    const { json } = await api(path, { dateSince: longAgo });
    expect((await api(`${path}/${String(json.id)}`)).json.state).toBe('Failed');
  });

  it.each([{}, { dateSince: 'yesterday' }, { dateSince: longAgo, uploadStatus: 'Lost' }])(
    'refuse %j',
    async (request) => {
      expect((await (await logIn(simulator))(path, request)).status).toBe(400);
    },
  );

  it('of an unknown id are 404', async () => {
    expect((await (await logIn(simulator))(`${path}/${randomUUID()}`)).status).toBe(404);
  });
});

it('an upload waits until its conversation is complete and has its leg', async () => {
  const simulator = await startGcSimulator({ olderKeys: 0, requireConversation: true });
  try {
    const { metadata, fileName, recordingId } = await uploaded(simulator);
    await simulator.settled();
    const api = await logIn(simulator);
    const { json: source } = await api('/api/v2/presence/sources', { name: 'Engage' });
    const { conversationId } = metadata;
    const leg = (communicationId: unknown) => ({
      externalEstablishedEvents: [
        {
          ...{ eventId: randomUUID(), eventDateTime: longAgo, conversationId, communicationId },
          initialConfiguration: {},
          sourceConfiguration: { sourceId: source.id, interactionId: 'x' },
        },
      ],
    });
    const end = (communicationId: unknown) => ({
      communicationEndedEvents: [
        {
          ...{ eventId: randomUUID(), eventDateTime: longAgo, conversationId, communicationId },
          disconnectType: 'Self',
        },
      ],
    });
    const inject = async (batch: object) =>
      expect((await api('/api/v2/events/conversations', batch)).json).toEqual({ errors: [] });
    const status = async () => statusOf(await report(simulator), fileName);
    const other = randomUUID();
    await inject(leg(other));
    await inject(end(other));
    expect(await status()).toBe('WaitForConversation');
    await simulator.faults.order({ target: 'orphans', afterMs: 0 });
    const orphans = (await api('/api/v2/orphanrecordings')).json.entities;
    expect(orphans).toMatchObject([
      { orphanStatus: 'CONVERSATION_NOT_COMPLETE', recording: { id: recordingId } },
    ]);
    await inject(leg(metadata.communicationId));
    expect(await status()).toBe('WaitForConversation');
    await inject(end(metadata.communicationId));
    expect(await status()).toBe('Success');
    expect((await api('/api/v2/orphanrecordings')).json.entities).toEqual([]);
    const stored = await api(`/api/v2/conversations/${String(conversationId)}/recordingmetadata`);
    expect(stored.json).toMatchObject([{ id: recordingId, sessionId: metadata.communicationId }]);
  } finally {
    await simulator.stop();
  }
});
