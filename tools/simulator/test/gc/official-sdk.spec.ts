import { createHash, randomUUID } from 'node:crypto';
import {
  ApiClient,
  EventsApi,
  PresenceApi,
  RecordingApi,
  RoutingApi,
  SpeechTextAnalyticsApi,
  UploadsApi,
  UsersApi,
} from 'purecloud-platform-client-v2';
import {
  defaultGcConfiguration,
  sampleIds,
  startGcSimulator,
  type GcSimulator,
} from '../../src/gc/index.js';
import { put } from './gc-client.js';
import { sampleRecording } from './sample-recording.js';

// The proof that the simulator's shapes are GC's: Genesys' own SDK talks to it and its types read the answers.

let simulator: GcSimulator;

beforeAll(async () => {
  simulator = await startGcSimulator({ olderKeys: 2 });
  const { hostname, port } = new URL(simulator.url);
  ApiClient.instance.setGateway({ protocol: 'http', host: hostname, port: Number(port) });
  await ApiClient.instance.loginClientCredentialsGrant(simulator.clientId, simulator.clientSecret);
});
afterAll(() => simulator.stop());

it('is refused with a wrong secret', async () => {
  await expect(
    ApiClient.instance.loginClientCredentialsGrant(simulator.clientId, 'wrong'),
  ).rejects.toMatchObject({
    response: { status: 400, data: { error: 'invalid_client' } },
  });
});

it('reads the recording keys page by page', async () => {
  const api = new RecordingApi();
  const first = await api.getRecordingRecordingkeys({ pageSize: 2, pageNumber: 1 });
  expect(first).toMatchObject({ pageSize: 2, pageNumber: 1, total: 3, pageCount: 2 });
  const second = await api.getRecordingRecordingkeys({ pageSize: 2, pageNumber: 2 });
  const keys = [...(first.entities ?? []), ...(second.entities ?? [])];
  expect(keys.map(({ id }) => id)).toEqual(simulator.keys().map(({ id }) => id));
  expect(keys.every(({ keyConfigurationType }) => keyConfigurationType === 'Native')).toBe(true);
});

it('uploads a recording and reads its fate in a report', async () => {
  const sample = await sampleRecording(simulator.currentKey());
  const { url, headers, uploadKey } = await new UploadsApi().postUploadsRecordings({
    fileName: sample.fileName,
    contentMd5: createHash('md5').update(sample.zip).digest('base64'),
    contentType: 'application/zip',
    signedUrlTimeoutSeconds: 3_600,
    serverSideEncryption: 'AES256',
  });
  expect(uploadKey?.endsWith(sample.fileName)).toBe(true);
  expect((await put(url ?? '', headers ?? {}, sample.zip)).status).toBe(200);
  await simulator.settled();
  const api = new RecordingApi();
  const asked = await api.postRecordingUploadsReports({
    dateSince: '2020-01-01T00:00:00.000Z',
    uploadStatus: 'Success',
  });
  expect(asked).toMatchObject({
    state: 'InProgress',
    selfUri: `/api/v2/recording/uploads/reports/${asked.id ?? ''}`,
  });
  await api.getRecordingUploadsReport(asked.id ?? '');
  const { state, signedUrl } = await api.getRecordingUploadsReport(asked.id ?? '');
  expect(state).toBe('Completed');
  expect(await (await fetch(signedUrl ?? '')).text()).toContain(sample.fileName);
});

it('reads the transcription settings and every queue', async () => {
  const api = new RoutingApi();
  expect((await api.getRoutingSettingsTranscription()).transcription).toBe('EnabledQueueFlow');
  const { entities, total } = await api.getRoutingQueues({ pageSize: 100 });
  expect(total).toBe(3);
  expect(entities?.map(({ name, enableTranscription }) => [name, enableTranscription])).toEqual([
    ['Tech Support', true],
    ['Sales', true],
    ['Billing', false],
  ]);
  expect((await api.getRoutingQueues({ name: 's*' })).entities?.map(({ name }) => name)).toEqual([
    'Sales',
  ]);
});

it('reads the analytics configuration, following cursors', async () => {
  const api = new SpeechTextAnalyticsApi();
  expect((await api.getSpeechandtextanalyticsSettings()).defaultProgram?.id).toBe(
    sampleIds.programs.everything,
  );
  const first = await api.getSpeechandtextanalyticsProgramsMappings({ pageSize: 2 });
  const nextPage = new URL(first.nextUri ?? '', simulator.url).searchParams.get('nextPage') ?? '';
  const rest = await api.getSpeechandtextanalyticsProgramsMappings({ pageSize: 2, nextPage });
  expect(rest.nextUri).toBeUndefined();
  const mappings = [...(first.entities ?? []), ...(rest.entities ?? [])];
  expect(mappings.map(({ program, queues }) => [program?.id, queues?.map(({ id }) => id)])).toEqual(
    defaultGcConfiguration.mappings.map(({ programId, queueIds }) => [programId, queueIds]),
  );
  const latest = await api.getSpeechandtextanalyticsPrograms({ state: 'Latest' });
  expect(latest.entities?.map(({ published }) => published)).toEqual([true, true, true, false]);
  const published = await api.getSpeechandtextanalyticsPrograms({ state: 'Published' });
  expect(published.entities).toHaveLength(3);
  const dialects = await api.getSpeechandtextanalyticsProgramsTranscriptionenginesDialects();
  expect(dialects.entities?.[0]?.engine).toBe('Genesys');
  expect(dialects.entities?.[0]?.dialects).toContain('de-DE');
});

it('finds users', async () => {
  const api = new UsersApi();
  const { entities } = await api.getUsers({ pageSize: 100 });
  expect(entities?.[0]).toMatchObject({
    id: sampleIds.users.agent7105,
    email: 'agent7105@example.com',
    version: 1,
  });
  expect((await api.getUser(sampleIds.users.agent7106)).email).toBe('agent7106@example.com');
  const query = [{ type: 'EXACT', fields: ['email'], value: 'AGENT7107@example.com' }];
  const found = await api.postUsersSearch({ query });
  expect(found.results.map(({ id }) => id)).toEqual([sampleIds.users.agent7107]);
  await expect(api.getUser(randomUUID())).rejects.toMatchObject({ status: 404 });
});

it('injects a conversation', async () => {
  const common = {
    eventDateTime: '2026-03-02T09:15:03.120Z',
    conversationId: randomUUID(),
    communicationId: randomUUID(),
  };
  const { id: sourceId = '' } = await new PresenceApi().postPresenceSources({
    name: 'EX Engage Connector',
  });
  const answer = await new EventsApi().postEventsConversations({
    userEstablishedEvents: [
      {
        ...common,
        eventId: randomUUID(),
        userId: sampleIds.users.agent7105,
        initialConfiguration: {
          audioState: { canHear: true, canSpeak: true },
          inbound: true,
          recordingActive: true,
        },
        sourceConfiguration: {
          sourceId,
          interactionId: '02AB7QK3D4FH59LMN0PQ6RSTUV000017',
        },
      },
    ],
    communicationEndedEvents: [
      {
        ...common,
        eventDateTime: '2026-03-02T09:18:03.120Z',
        eventId: randomUUID(),
        disconnectType: 'Peer',
      },
    ],
  });
  expect(answer.errors).toEqual([]);
  expect(simulator.conversations()[common.conversationId]?.map(({ kind }) => kind)).toEqual([
    'userEstablishedEvents',
    'communicationEndedEvents',
  ]);
});
