import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outboundAgents } from '@exrec/gc-api';
import { createWebdavRecordingStore } from '@exrec/recording-store';
import { sampleMetadata } from '@exrec/simulator';
import { audioFixture, filesContaining } from '@exrec/testing';
import { recordingIdOf } from '@exrec/gc-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { parseGcKey } from '../src/keys/index.js';
import { sealFormats } from '../src/seal/index.js';
import { inject } from '../src/injection/steps/inject.js';
import { Spool } from '../src/spool/spool.js';
import { ZipUploader } from '../src/upload/zip-uploader.js';
import { startWebdavStandIn, type Misbehaviour } from './webdav-stand-in.js';

const halfThenSilence: Misbehaviour = (response, { file }) => {
  response.writeHead(200, { 'content-length': file.length });
  response.write(file.subarray(0, file.length / 2));
};

const nowhere = () => Promise.reject(new Error('must not be asked'));

// The service waits 30 s for a silent storage; here the same steps run with less patience.
it('gives up a download that falls silent, and with it the spool and its worker', async () => {
  const webdav = await startWebdavStandIn();
  const dir = await mkdtemp(join(tmpdir(), 'exrec-stalled-'));
  const spool = new Spool({ dir, instance: '1', maxBytes: 1e6 });
  await spool.open();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keydataSummary = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const entity = { id: 'k', createDate: '2026-01-01T00:00:00Z', keydataSummary };
  const key = await parseGcKey(entity, Date.now());
  const recordings = createWebdavRecordingStore({ url: webdav.url, idleMs: 300 });
  const name = 'silent.opus';
  webdav.show(name, audioFixture('short-en').bytes());
  webdav.next('GET', name, halfThenSilence);

  const attempt = inject(
    {
      recordings,
      keys: { current: () => Promise.resolve(key), reject: () => undefined },
      gc: { createUpload: nowhere },
      uploader: new ZipUploader({
        agentsFor: (url) => outboundAgents(url, { proxyEnv: {}, stallMs: 1_000 }),
      }),
      sealFormat: sealFormats.openpgp,
      spool,
      uploadHosts: { hosts: [], allowInsecure: false },
      maxAudioBytes: 1e6,
      now: Date.now,
    },
    {
      injection: {
        recordingId: recordingIdOf(name),
        version: 1,
        state: 'fetching',
        audioFile: name,
        metadata: JSON.stringify(sampleMetadata(name)),
        attempts: 1,
        acceptedAtMs: 0,
        updatedAtMs: 0,
        audioDeadlineAtMs: Infinity,
        facts: {},
        history: [],
        requeues: [],
      },
      signal: new AbortController().signal,
      advance: () => Promise.resolve(),
      record: () => undefined,
    },
  );
  await expect(attempt).rejects.toMatchObject({ code: 'storage-unavailable', retry: 'later' });
  expect(spool.reservedBytes).toBe(0);
  expect(await filesContaining(dir, Buffer.alloc(0))).toEqual([]);
  recordings.close();
  await webdav.stop();
  await rm(dir, { recursive: true, force: true });
});
