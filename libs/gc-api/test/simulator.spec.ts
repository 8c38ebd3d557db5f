import { createHash } from 'node:crypto';
import { silentLogger } from '@exrec/service-kit';
import {
  defaultGcConfiguration,
  sampleIds,
  startGcSimulator,
  type GcSimulator,
} from '@exrec/simulator';
import {
  createGcApi,
  gcHosts,
  memoryRateBudget,
  type GcApi,
  type GcApiOptions,
} from '../src/index.js';

let gc: GcSimulator;
let api: GcApi;
beforeAll(async () => {
  gc = await startGcSimulator();
  api = apiOf({});
});
afterAll(async () => {
  api.close();
  await gc.stop();
});
afterEach(() => gc.configure(defaultGcConfiguration));

function apiOf(more: Partial<GcApiOptions>): GcApi {
  return createGcApi({
    hosts: gcHosts({ apiUrl: gc.url, loginUrl: gc.url }),
    clients: [{ clientId: gc.clientId, clientSecret: gc.clientSecret }],
    budget: memoryRateBudget({ requestsPerMinute: 100_000 }),
    logger: silentLogger,
    ...more,
  });
}

const zip = Buffer.from('not really a zip');
const request = {
  fileName: '8f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5a.zip',
  contentMd5: createHash('md5').update(zip).digest('base64'),
  contentType: 'application/zip',
  signedUrlTimeoutSeconds: 600,
};

describe('the client and the simulator agree', () => {
  it('on keys', async () => {
    const keys = await api.recordingKeys();
    expect(keys.map(({ id }) => id).toSorted()).toEqual(
      gc
        .keys()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(keys.every(({ keydataSummary }) => Boolean(keydataSummary))).toBe(true);
  });

  it('on uploads: exactly the returned headers make S3 take the file', async () => {
    const { url, headers, uploadKey } = await api.createUpload(request);
    const answer = await fetch(url, { method: 'PUT', headers, body: zip });
    expect(answer.status).toBe(200);
    await gc.settled();
    expect(gc.recordings().map((recording) => recording.uploadKey)).toContain(uploadKey);
  });

  it('on reports', async () => {
    const { id, state } = await api.createUploadReport({ dateSince: '2026-01-01T00:00:00.000Z' });
    expect(['InProgress', 'Completed']).toContain(state);
    for (let tries = 0; tries < 50; tries += 1) {
      const report = await api.uploadReport(id);
      if (report.state === 'Completed') {
        expect(report.signedUrl).toMatch(/^http/);
        return;
      }
    }
    throw new Error('the report was never completed');
  });

  it('on the configuration', async () => {
    const { programs } = sampleIds;
    await expect(api.transcriptionSettings()).resolves.toEqual({
      transcription: 'EnabledQueueFlow',
    });
    await expect(api.staSettings()).resolves.toEqual({ defaultProgramId: programs.everything });
    await expect(api.programMappings()).resolves.toEqual(defaultGcConfiguration.mappings);
    expect((await api.programs()).map(({ id }) => id).toSorted()).toEqual(
      [programs.techSupport, programs.sales, programs.everything].toSorted(),
    );
    expect(await api.dialects()).toEqual(defaultGcConfiguration.dialects[0]?.dialects);
    expect(await api.queues()).toEqual(defaultGcConfiguration.queues);
  });

  it('on listings of many pages', async () => {
    const uuid = (n: number) => `00000000-0000-4000-8000-${`${n}`.padStart(12, '0')}`;
    const range = (count: number) => [...Array(count).keys()];
    gc.configure({
      ...defaultGcConfiguration,
      queues: range(1234).map((n) => ({ id: uuid(n), name: `Q ${n}`, enableTranscription: true })),
      programs: range(234).map((n) => ({ id: uuid(n), name: `P ${n}`, published: true })),
      mappings: range(234).map((n) => ({ programId: uuid(n), queueIds: [uuid(n)] })),
    });
    expect(await api.queues()).toHaveLength(1234);
    expect(await api.programs()).toHaveLength(234);
    expect(new Set((await api.programMappings()).map(({ programId }) => programId)).size).toBe(234);
  });

  it('on users', async () => {
    await expect(
      api.usersByEmail(['AGENT7105@example.com', 'agent7201@example.com', 'nobody@example.com']),
    ).resolves.toEqual([
      { id: sampleIds.users.agent7105, email: 'agent7105@example.com' },
      { id: sampleIds.users.agent7201, email: 'agent7201@example.com' },
    ]);
  });

  it('on conversation events', async () => {
    const conversationId = '6d5c4b3a-2f1e-4d0c-8b9a-7f6e5d4c3b2a';
    const event = {
      eventDateTime: '2026-03-02T09:18:31.400Z',
      conversationId,
      communicationId: 'a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d',
      disconnectType: 'Peer',
    };
    const errors = await api.injectConversationEvents({
      communicationEndedEvents: [
        { ...event, eventId: '66666666-7777-4888-8999-aaaaaaaaaaaa' },
        { ...event, eventId: '66666666-7777-4888-8999-bbbbbbbbbbbb', disconnectType: 'Nonsense' },
      ],
    });
    // The first is of a leg that was never opened, the second is not even well-formed.
    expect(errors).toMatchObject([
      { eventId: '66666666-7777-4888-8999-aaaaaaaaaaaa', retryable: true },
      { eventId: '66666666-7777-4888-8999-bbbbbbbbbbbb', retryable: false },
    ]);
  });

  it.each([
    [{ fileName: '.hidden.zip' }, 'gc-rejected', 'never'],
    [{ fileName: 'with space.zip' }, 'gc-rejected', 'never'],
  ])('that %j is refused for good', async (fault, code, retry) => {
    await expect(api.createUpload({ ...request, ...fault })).rejects.toMatchObject({ code, retry });
  });

  it.each([
    ['reset', 'gc-unavailable'],
    ['redirect', 'gc-unavailable'],
    ['html', 'gc-unavailable'],
    ['malformedJson', 'gc-unavailable'],
  ] as const)('on what a %s means', async (kind, code) => {
    await gc.faults.order({ target: 'gc.uploads', kind });
    await expect(api.createUpload(request)).rejects.toMatchObject({ code, retry: 'later' });
    await gc.faults.clear();
  });

  it('on what a stall means', async () => {
    const impatient = apiOf({ stallMs: 2_000 });
    // What is asked for the first time takes longest.
    await impatient.recordingKeys();
    await gc.faults.order({ target: 'gc.uploads', kind: 'stall' });
    const failure = { code: 'gc-unavailable', retry: 'later' };
    await expect(impatient.createUpload(request)).rejects.toMatchObject(failure);
    await gc.faults.clear();
    impatient.close();
  });
});
