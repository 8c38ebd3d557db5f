import example from '../examples/agent-queue-sta.json' with { type: 'json' };
import {
  completeMetadata,
  readGcMetadata,
  readGcMetadataRequest,
  serializeGcMetadata,
  type GcMetadataRequest,
} from './index.js';

const { audio, encryption: sealing, ...request } = example;
const encryption = { ...sealing, container: 'openpgp' } as const;

function requestOf(input: unknown): GcMetadataRequest {
  const reading = readGcMetadataRequest(input);
  if (reading.kind !== 'ok') throw new Error(JSON.stringify(reading));
  return reading.metadata;
}

describe('a request from EXCP', () => {
  it('becomes complete with what EXRP knows', () => {
    expect(completeMetadata(requestOf(request), audio, encryption)).toEqual(example);
  });

  it('cannot bring its own audio or encryption', () => {
    const own = requestOf({ ...request, audio: { fileName: 'x' }, encryption: null });
    expect(completeMetadata(own, audio, encryption)).toEqual(example);
  });

  it('is not completed with audio that disobeys the schema', () => {
    const empty = { ...audio, sizeBytes: 0 };
    expect(() => completeMetadata(requestOf(request), empty, encryption)).toThrow('sizeBytes');
  });

  it('keeps unknown fields of a newer sender at every level, after the known ones', () => {
    const extended = requestOf({
      zebra: [1],
      ...request,
      queue: { skill: 'x', name: 'VQ', id: null },
      annotations: [{ by: 'agent', type: 'pause', offsetMs: 1, durationMs: 2 }],
    });
    const written = serializeGcMetadata(completeMetadata(extended, audio, encryption));
    expect(written).toContain('"queue":{"name":"VQ","id":null,"skill":"x"}');
    expect(written).toContain('{"type":"pause","offsetMs":1,"durationMs":2,"by":"agent"}');
    expect(written).toMatch(/"encryption":\{[^}]*\},"zebra":\[1\]\}$/);
  });

  it('is written the same however its fields were ordered', () => {
    const reversed = Object.fromEntries(Object.entries(request).reverse());
    expect(serializeGcMetadata(completeMetadata(requestOf(reversed), audio, encryption))).toBe(
      JSON.stringify(example),
    );
  });

  it('cannot reach a prototype', () => {
    const text = JSON.stringify(request).replace(/^\{/, '{"__proto__":{"polluted":true},');
    const written = serializeGcMetadata(
      completeMetadata(requestOf(JSON.parse(text)), audio, encryption),
    );
    expect(written).toBe(JSON.stringify(example));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a version we do not know', () => {
  it('is told apart from a broken one, so that it can be held', () => {
    const newer = { schemaVersion: 2, recordingId: example.recordingId, rest: 'may be anything' };
    const held = { kind: 'newer-version', schemaVersion: 2, recordingId: example.recordingId };
    expect(readGcMetadataRequest(newer)).toEqual(held);
    expect(readGcMetadata(newer)).toEqual(held);
  });

  it('is held without a recordingId where that has moved', () => {
    expect(readGcMetadata({ schemaVersion: 7, recordingId: 12 })).toEqual({
      kind: 'newer-version',
      schemaVersion: 7,
      recordingId: null,
    });
  });

  it.each([0, -1, 1.5, '2', null, true])('%p is no version', (schemaVersion) => {
    expect(readGcMetadata({ ...example, schemaVersion }).kind).toBe('invalid');
  });
});

describe('faults', () => {
  it('are named by JSON pointer, all at once, without the values', () => {
    const reading = readGcMetadataRequest({
      ...request,
      ani: 4930555010,
      startTime: 'secret-1',
      annotations: [{ type: 'Secret 2', offsetMs: 0, durationMs: 1 }],
    });
    expect(reading).toMatchObject({
      kind: 'invalid',
      faults: [{ pointer: '/startTime' }, { pointer: '/ani' }, { pointer: '/annotations/0/type' }],
    });
    expect(JSON.stringify(reading)).not.toMatch(/4930555010|secret/i);
  });

  it.each([null, undefined, 'text', 3, []])('%p is refused as a whole', (input) => {
    expect(readGcMetadata(input)).toMatchObject({ kind: 'invalid', faults: [{ pointer: '' }] });
  });
});
