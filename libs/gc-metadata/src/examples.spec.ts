import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  conversationIdOf,
  gcMetadataJsonSchema,
  readGcMetadata,
  recordingIdOf,
  serializeGcMetadata,
  STA_REASONS,
  type GcMetadata,
} from './index.js';
import { buildGcMetadataJsonSchema } from './json-schema.js';

const folder = join(__dirname, '../examples');
const examples = readdirSync(folder).map((file): [string, string] => [
  file,
  JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
]);
// The schema's patterns say more than the formats; the formats only have to be known.
const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': true } });
const obeysJsonSchema = ajv.compile(gcMetadataJsonSchema);

function metadataOf(text: string): GcMetadata {
  const reading = readGcMetadata(JSON.parse(text));
  if (reading.kind !== 'ok') throw new Error(JSON.stringify(reading));
  return reading.metadata;
}

describe('the published JSON Schema', () => {
  it('is the one made from the zod schema (else: node libs/gc-metadata/scripts/write-json-schema.mjs)', () => {
    expect(gcMetadataJsonSchema).toEqual(buildGcMetadataJsonSchema());
  });
});

describe('examples', () => {
  it('show every reason why STA is not requested', () => {
    const shown = examples.map(([, text]) => metadataOf(text).speechAndTextAnalytics);
    const reasons = shown.flatMap((part) => (part.requested ? [] : [part.reason]));
    expect(reasons.sort()).toEqual([...STA_REASONS].sort());
  });

  describe.each(examples)('%s', (_file, text) => {
    it('obeys the JSON Schema', () => {
      obeysJsonSchema(JSON.parse(text));
      expect(obeysJsonSchema.errors).toBeNull();
    });

    it('is written again byte for byte', () => {
      expect(serializeGcMetadata(metadataOf(text))).toBe(text);
    });

    it('carries the ids derived from its names', () => {
      const metadata = metadataOf(text);
      expect(metadata.recordingId).toBe(recordingIdOf(metadata.audio.originalFileName));
      expect(metadata.conversationId).toBe(conversationIdOf(metadata.interactionId));
    });
  });
});

/** One change to a good example each; `undefined` removes the field. */
const broken: readonly (readonly [string, object])[] = [
  ['no schemaVersion', { schemaVersion: undefined }],
  ['schemaVersion as text', { schemaVersion: '1' }],
  ['upper-case id', { recordingId: 'F2C100EB-52F1-49BE-9317-F38068184136' }],
  ['id of another UUID version', { recordingId: 'f2c100eb-52f1-19be-9317-f38068184136' }],
  ['time without milliseconds', { startTime: '2026-03-02T09:15:04Z' }],
  ['time with an offset', { startTime: '2026-03-02T09:15:04.000+01:00' }],
  ['day that does not exist', { startTime: '2026-02-30T09:15:04.000Z' }],
  ['negative duration', { durationMs: -1 }],
  ['duration in parts of a ms', { durationMs: 0.5 }],
  ['unknown direction', { direction: 'consult' }],
  ['no queue field', { queue: undefined }],
  ['queue without id field', { queue: { name: 'VQ' } }],
  ['no annotations', { annotations: undefined }],
  ['flags null', { flags: null }],
  ['STA with a reason of its own', { speechAndTextAnalytics: { requested: false, reason: 'x' } }],
  ['STA without language', { speechAndTextAnalytics: { requested: true, programId: 'p' } }],
  ['no audio', { audio: undefined }],
  ['no encryption', { encryption: undefined }],
];

describe('zod and the JSON Schema', () => {
  const good = JSON.parse(examples[0]?.[1] ?? '{}');

  it.each(broken)('both refuse: %s', (_what, change) => {
    const bad = JSON.parse(JSON.stringify({ ...good, ...change }));
    expect(readGcMetadata(bad).kind).toBe('invalid');
    expect(obeysJsonSchema(bad)).toBe(false);
  });

  it('both accept fields that only a newer sender knows', () => {
    const extended = { ...good, sentiment: 1, queue: { name: 'VQ', id: null, skill: 'x' } };
    expect(readGcMetadata(extended).kind).toBe('ok');
    expect(obeysJsonSchema(extended)).toBe(true);
  });
});
