import { audioFixture, waitFor } from '@exrec/testing';
import { createHash } from 'node:crypto';
import {
  startRequestRecorder,
  type RecordedRequest,
  type RequestRecorder,
} from '../../test/request-recorder.js';
import type { McpBehaviour } from './mcp-behaviour.js';
import { playSegment, type PlayedSegment } from './mcp-player.js';

const audio = audioFixture('short-en').bytes();
const mediaId =
  '02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus';
const segment = {
  mediaId,
  callUUID: mediaId.slice(0, 32),
  connID: '00730a1b2c3d4e5f',
  ani: '+4930555010',
  dnis: '8005550100',
  startMs: Date.parse('2026-03-02T09:15:04Z'),
  durationMs: 4_824,
  recordDN: '7105',
  agentId: 'agent7105',
};

let storageStatus: number;
let server: RequestRecorder;

beforeEach(async () => {
  storageStatus = 201;
  server = await startRequestRecorder(({ method }) => (method === 'PUT' ? storageStatus : 200));
});
afterEach(() => server.stop());

function play(behaviour: McpBehaviour = {}): Promise<PlayedSegment> {
  const targets = {
    webdav: { url: `${server.url}/rec`, username: 'mcp', password: 'dav-secret' },
    excp: { url: server.url, username: 'mcp', password: 'excp-secret', contactCenterId: 'cc1' },
  };
  return playSegment({ segment, audio, behaviour }, targets, { slowUploadMs: 50, lateAudioMs: 20 });
}

function methods(): string[] {
  return server.requests.map(({ method }) => method);
}

function only(method: string): RecordedRequest {
  const found = server.requests.filter((request) => request.method === method);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function metadataSize(): unknown {
  return JSON.parse(only('POST').body.toString()).mediaFiles[0].size;
}

it('stores the audio, then posts the metadata, each with its own credentials', async () => {
  const played = await play();
  expect(methods()).toEqual(['PUT', 'POST']);
  const [put, post] = [only('PUT'), only('POST')];
  expect(put.path).toBe(`/rec/${mediaId}`);
  expect(put.body.equals(audio)).toBe(true);
  expect(put.headers).toMatchObject({ 'content-length': `${audio.length}` });
  expect(put.headers.authorization).toBe(`Basic ${btoa('mcp:dav-secret')}`);
  expect(post.path).toBe('/api/contact-centers/cc1/recordings');
  expect(post.headers.authorization).toBe(`Basic ${btoa('mcp:excp-secret')}`);
  expect(post.headers['content-type']).toBe('application/json');
  expect(played).toMatchObject({
    mediaId,
    audioStatus: 201,
    sizeBytes: audio.length,
    metadata: [{ status: 200, body: '{}' }],
    audioSha256: createHash('sha256').update(audio).digest('hex'),
  });
});

it.each([200, 201, 204])('takes %d from the storage for stored', async (status) => {
  storageStatus = status;
  await play();
  expect(methods()).toEqual(['PUT', 'POST']);
});

it('posts no metadata when the storage refuses the audio', async () => {
  storageStatus = 507;
  await expect(play()).resolves.toMatchObject({ audioStatus: 507, metadata: [] });
  expect(methods()).toEqual(['PUT']);
});

it('posts the metadata before the audio when told so', async () => {
  await play({ order: 'metadata-first' });
  expect(methods()).toEqual(['POST', 'PUT']);
});

it('posts the same metadata again when told so', async () => {
  const played = await play({ reposts: 2 });
  expect(methods()).toEqual(['PUT', 'POST', 'POST', 'POST']);
  expect(new Set(server.requests.slice(1).map(({ body }) => body.toString())).size).toBe(1);
  expect(played.metadata).toHaveLength(3);
});

it('stores the first half and reports the whole size when the audio is cut', async () => {
  await play({ upload: 'cut' });
  const stored = only('PUT');
  expect(stored.isWhole).toBe(true);
  expect(stored.body.equals(audio.subarray(0, Math.floor(audio.length / 2)))).toBe(true);
  expect(metadataSize()).toBe(`${audio.length}`);
});

it('drops the connection half-way when the upload is aborted', async () => {
  const played = await play({ upload: 'aborted' });
  await waitFor('both requests', () => server.requests.length === 2);
  const begun = only('PUT');
  expect(begun.isWhole).toBe(false);
  expect(begun.headers['content-length']).toBe(`${audio.length}`);
  expect(played.audioStatus).toBeNull();
  expect(played.metadata).toHaveLength(1);
});

it('stores and reports zero bytes', async () => {
  await play({ upload: 'empty' });
  expect(only('PUT').headers['content-length']).toBe('0');
  expect(metadataSize()).toBe('0');
});

it('stores something that is no Ogg under the right size', async () => {
  await play({ upload: 'not-ogg' });
  expect(only('PUT').body.toString('latin1', 0, 4)).toBe('RIFF');
  expect(metadataSize()).toBe(`${only('PUT').body.length}`);
});

it('uploads in pieces when slow, and stores the whole audio', async () => {
  await play({ upload: 'slow' });
  expect(only('PUT').pieces).toBeGreaterThan(1);
  expect(only('PUT').body.equals(audio)).toBe(true);
});

it.each([
  ['text/plain', 'text/plain'],
  ['none', undefined],
] as const)('sends the content type %s', async (contentType, expected) => {
  await play({ form: { contentType } });
  expect(only('POST').headers['content-type']).toBe(expected);
});

it('posts to the path with a trailing slash when told so', async () => {
  await play({ form: { path: 'trailing-slash' } });
  expect(only('POST').path).toBe('/api/contact-centers/cc1/recordings/');
});

it('throws when nobody listens', async () => {
  await server.stop();
  const refused = play();
  server = await startRequestRecorder();
  await expect(refused).rejects.toThrow('ECONNREFUSED');
});
