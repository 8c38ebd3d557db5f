import { caseFile } from '@exrec/testing';
import { gcApiFor, startScriptedGc, type ScriptedGc } from './scripted-gc.js';
import type { GcApi } from '../src/index.js';

/** An answer of GC with one odd entity or value among good ones. */
const answer = (name: string) => caseFile('gc-one-odd-entity', `${name}.json`).toString();

let gc: ScriptedGc;
let api: GcApi;
const warnings: unknown[] = [];
beforeEach(async () => {
  gc = await startScriptedGc();
  warnings.length = 0;
  const logger = { warn: (event: string, fields: unknown) => warnings.push([event, fields]) };
  api = gcApiFor(gc, {
    logger: { ...logger, error: logger.warn, debug: () => undefined },
  });
});
afterEach(async () => {
  api.close();
  await gc.stop();
});

async function ask<T>(name: string, call: () => Promise<T>): Promise<T> {
  gc.api = () => ({ body: answer(name) });
  return call();
}

it('recording keys: one without createDate or key stays for the reader of keys to refuse', async () => {
  const keys = await ask('recordingkeys', () => api.recordingKeys());
  expect(keys.map(({ id }) => id)).toEqual(['key-good', 'key-odd']);
});

it('queues: one without a name is left out by its id', async () => {
  const queues = await ask('routing-queues', () => api.queues());
  expect(queues).toEqual([{ id: 'q1', name: 'VQ_Sales', enableTranscription: true }]);
  const fields = { endpoint: 'GET /api/v2/routing/queues', entityId: 'q2', fields: 'name' };
  expect(warnings).toEqual([['gc.entity-left-out', fields]]);
});

it('mappings: one without a program is left out', async () => {
  const mappings = await ask('programs-mappings', () => api.programMappings());
  expect(mappings).toEqual([{ programId: 'p1', queueIds: ['q1'] }]);
  expect(warnings).toHaveLength(1);
});

it('a listing in which nothing can be read is not a listing of nothing', async () => {
  gc.api = () => ({ body: { entities: [{ id: 'q', name: null }], pageCount: 1 } });
  await expect(api.queues()).rejects.toMatchObject({ code: 'gc-unavailable', retry: 'later' });
});

it('settings: an unknown word for transcription, and a default program without id', async () => {
  const settings = await ask('routing-settings-transcription', () => api.transcriptionSettings());
  expect(settings).toEqual({ transcription: 'SomeNewValue' });
  expect(await ask('sta-settings', () => api.staSettings())).toEqual({ defaultProgramId: null });
});

it('uploads: a header without a value was not signed, and a number is its digits', async () => {
  const request = {
    fileName: 'x.zip',
    contentMd5: '',
    contentType: '',
    signedUrlTimeoutSeconds: 1,
  };
  const upload = await ask('uploads-recordings', () => api.createUpload(request));
  expect(upload.headers).toEqual({ 'x-amz-server-side-encryption': 'AES256' });
  gc.api = () => ({ body: { url: 'https://s3.test/', uploadKey: 'k', headers: { 'x-n': 5 } } });
  expect((await api.createUpload(request)).headers).toEqual({ 'x-n': '5' });
});

it('login: the life of a token as text', async () => {
  gc.login = () => ({ body: answer('oauth-token') });
  await ask('sta-settings', () => api.staSettings());
  expect(gc.tokenRequests).toHaveLength(1);
});
