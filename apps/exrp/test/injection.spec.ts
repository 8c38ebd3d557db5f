import { createHash } from 'node:crypto';
import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { audioFixture, createGpgHome, runCommand } from '@exrec/testing';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExrpStack } from './exrp-stack.js';

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start();
});
afterAll(() => stack.stop());

const audio = audioFixture('short-en').bytes();

describe('a recording', () => {
  it('arrives in Genesys Cloud sealed, whole and with its metadata; gpg and opusinfo read it', async () => {
    await stack.put('whole.opus', audio);
    const answer = await stack.inject('whole.opus', { expectedSizeBytes: audio.length });
    expect(answer.status).toBe(202);
    expect(answer.data).toEqual({ recordingId: recordingIdOf('whole.opus'), state: 'queued' });
    expect(answer.headers.location).toBe(`/api/v1/injections/${recordingIdOf('whole.opus')}`);
    const view = await stack.until('whole.opus', 'uploaded');
    const sha256 = createHash('sha256').update(audio).digest('hex');
    expect(view).toMatchObject({
      cause: null,
      attempts: 1,
      audio: { sizeBytes: audio.length, sha256 },
    });

    const recording = await stack.verdict('whole.opus');
    expect(recording.verdict).toEqual({ ok: true, problems: [] });
    expect(recording.audio).toMatchObject({ sha256 });
    expect(recording.metadata).toMatchObject(sampleMetadata('whole.opus'));

    const zip = join(stack.dir, 'whole.zip');
    copyFileSync(stack.gc.zipFile(recording.uploadKey), zip);
    expect((await runCommand('unzip', ['-t', zip])).exitCode).toBe(0);
    expect((await runCommand('python3', ['-m', 'zipfile', '-t', zip])).exitCode).toBe(0);
    const opened = join(stack.dir, 'opened');
    mkdirSync(opened);
    await runCommand('unzip', ['-q', zip, '-d', opened]);
    const gpg = await createGpgHome();
    await gpg.run(['--import'], Buffer.from(stack.gc.currentKey().secret.text));
    const plain = await gpg.decrypt(
      readFileSync(join(opened, `${recording.recordingId}.opus.pgp`)),
    );
    expect(plain.equals(audio)).toBe(true);
    writeFileSync(join(stack.dir, 'plain.opus'), plain);
    expect((await runCommand('opusinfo', [join(stack.dir, 'plain.opus')])).exitCode).toBe(0);
    await gpg.remove();
  });

  it('is the same recording when it is asked for again', async () => {
    await stack.put('twice.opus', audio);
    const answers = await Promise.all([stack.inject('twice.opus'), stack.inject('twice.opus')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 202]);
    await stack.until('twice.opus', 'uploaded');
    expect((await stack.inject('twice.opus')).data).toMatchObject({ state: 'uploaded' });
    expect((await stack.verdict('twice.opus')).uploads).toBe(1);
  });

  it('waits for its audio file, and no line is logged as an error', async () => {
    await stack.inject('late.opus', { expectedSizeBytes: audio.length });
    const waiting = await stack.until('late.opus', 'waiting', 'audio-missing');
    expect(Date.parse(waiting.nextTryAt!)).toBeGreaterThan(Date.now() - 1_000);
    await stack.put('late.opus', audio);
    await stack.until('late.opus', 'uploaded');
    const errors = stack.exrp
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":"error"'));
    expect(errors.filter((line) => line.includes(recordingIdOf('late.opus')))).toEqual([]);
  });

  it.each([
    ['zero.opus', Buffer.alloc(0)],
    ['text.opus', Buffer.from('this is no audio at all, but long enough to be something')],
  ])('that is no audio becomes a dead letter: %s', async (name, bytes) => {
    await stack.put(name, bytes);
    await stack.inject(name);
    const view = await stack.until(name, 'failed', 'audio-invalid');
    expect(view.nextTryAt).toBeNull();
    expect(stack.arrived(name)).toBeUndefined();
  });

  it('that was cut short never arrives, and can be requeued once it is whole', async () => {
    await stack.put('cut.opus', audio.subarray(0, audio.length - 100));
    await stack.inject('cut.opus');
    await stack.until('cut.opus', 'waiting', 'audio-incomplete');
    await stack.put('cut.opus', audio);
    const requeued = await stack.admin(`/api/v1/injections/${recordingIdOf('cut.opus')}/requeue`, {
      why: 'mended',
    });
    expect(requeued.status).toBe(202);
    expect(await stack.until('cut.opus', 'uploaded')).toMatchObject({
      requeues: [{ by: 'admin', why: 'mended' }],
    });
    expect((await stack.verdict('cut.opus')).verdict?.ok).toBe(true);
  });
});

it('never writes audio in the clear to its disk, and leaves nothing behind', async () => {
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
});
