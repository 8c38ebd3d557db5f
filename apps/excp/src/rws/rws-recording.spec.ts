import { recordingIdOf } from '@exrec/gc-metadata';
import { callIds, compileScenario, rwsRecordingsOf, sampleCalls } from '@exrec/simulator';
import { readMediaFile } from '../collect/index.js';
import type { JsonValue } from '../interaction/index.js';
import { readRecording } from './rws-recording.js';

const template = '{stem}.opus';
const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

function sample(name: string) {
  const scenario = sampleCalls().find((candidate) => candidate.name === name)!;
  const startMs = Date.parse('2026-03-02T09:15:00Z');
  const compiled = compileScenario(scenario, { ids: callIds('seed'), startMs });
  return { compiled, recordings: rwsRecordingsOf(compiled) };
}

it.each(sampleCalls().map(({ name }) => name))(
  'makes of %s the same recordings as MCP does, whichever way they come',
  (name) => {
    const { compiled, recordings } = sample(name);
    const fromRws = recordings.flatMap((recording) => {
      const { segments, rejected } = readRecording(asJson(recording), template);
      expect(rejected).toEqual([]);
      return segments;
    });
    const ids = (mediaIds: readonly string[]) => mediaIds.map(recordingIdOf).sort();
    expect(ids(fromRws.map(({ mediaId }) => mediaId))).toEqual(
      ids(compiled.segments.map(({ segment }) => segment.mediaId)),
    );
  },
);

const [recording] = sample('two-lines-of-business').recordings;
const [mediaFile] = recording!.mediaFiles;
const read = (changes: object) => readRecording(asJson({ ...recording, ...changes }), template);

it('reads strings as numbers, times with +0000, and no size of the mp3', () => {
  const [segment] = read({ mediaFiles: [mediaFile] }).segments;
  expect(segment).toMatchObject({
    source: 'rws',
    callUUID: recording!.id,
    durationMs: Number(mediaFile!.duration),
    startMs: Date.parse('2026-03-02T09:15:28Z'),
    agentId: 'agent7105',
    recordDN: '7105',
  });
  expect(segment!.sizeBytes).toBeUndefined();
  expect(segment!.history.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['joined']));
});

it('takes a recording wrapped or bare', () => {
  const bare = readRecording(asJson(recording), template);
  expect(bare.segments).toHaveLength(recording!.mediaFiles.length);
  expect(readRecording(asJson({ statusCode: 0, recording }), template)).toEqual(bare);
});

it('gives segments whose kept text reads as the same segment again', () => {
  // The call is told by nothing but GIR's file name, which the template changes.
  const { callUUID: _callUUID, parameters: _parameters, ...rest } = mediaFile!;
  const { segments } = readRecording(
    asJson({ mediaFiles: [rest], eventHistory: recording!.eventHistory }),
    'gir-{stem}.opus',
  );
  const [segment] = segments;
  expect(segment).toMatchObject({ mediaId: `gir-${rest.mediaId.replace('.mp3', '.opus')}` });
  const again = readMediaFile(segment!.raw, { source: 'rws', envelope: segment!.envelope });
  expect(again).toEqual({ ok: true, segment });
});

it('is without segments while there are no media files yet', () => {
  expect(read({ mediaFiles: [] })).toEqual({ id: recording!.id, segments: [], rejected: [] });
});

it('takes no recording of a screen for one of a call', () => {
  const types = [
    'video/mp4',
    'VIDEO/webm',
    'image/png',
    'audio/mp3',
    '',
    'application/octet-stream',
  ];
  const mediaFiles = types.map((type, n) => ({ ...mediaFile, type, mediaId: `${n}.mp3` }));
  const { segments, rejected } = read({ mediaFiles });
  expect(segments.map(({ mediaId }) => mediaId)).toEqual(['3.opus', '4.opus', '5.opus']);
  expect(rejected).toEqual([]);
  expect(read({ mediaFiles: mediaFiles.slice(0, 3) }).segments).toEqual([]);
});

it('says what it cannot use without repeating it, and keeps the rest', () => {
  const bad = [
    { ...mediaFile, mediaId: '../../+4930555010' },
    { ...mediaFile, mediaId: 'x'.repeat(251) },
    { ...mediaFile, startTime: '+4930555010', stopTime: '', duration: '' },
    '+4930555010',
  ];
  const { segments, rejected } = read({ mediaFiles: [...bad, mediaFile] });
  expect(segments).toHaveLength(1);
  expect(rejected).toHaveLength(4);
  expect(JSON.stringify(rejected)).not.toContain('4930555010');
});

it.each([[{ mediaFiles: undefined }], [{ mediaFiles: {} }]])(
  'rejects a recording with %j',
  (changes) => {
    expect(read(changes)).toMatchObject({ segments: [], rejected: [{ pointer: '/mediaFiles' }] });
  },
);
