import {
  communicationIdOf,
  conversationIdOf,
  deterministicUuid,
  gcEventIdOf,
  recordingIdOf,
} from './index.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const mediaId = `${callUUID}_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus`;

// Made by another program (Python's hashlib), so that a change of ours cannot move both sides.
const vectors: readonly (readonly [what: string, ours: string, expected: string])[] = [
  ['recording', recordingIdOf(mediaId), 'f2c100eb-52f1-49be-9317-f38068184136'],
  ['conversation', conversationIdOf(callUUID), '97411c8e-59c3-48bc-9afd-6b95489fc169'],
  [
    'first presence',
    communicationIdOf(callUUID, '7105', 1),
    '52524e8f-1015-4149-bb80-12e4e49d4509',
  ],
  [
    'second presence',
    communicationIdOf(callUUID, '7105', 2),
    'eb19076d-2355-4dde-89f8-fd5a7426af0d',
  ],
  ['UTF-8', communicationIdOf(callUUID, 'Zürich-☎', 1), '74f8bd1c-bce7-47e9-a4f5-ad67cf68d471'],
  [
    'GC event',
    gcEventIdOf(
      '52524e8f-1015-4149-bb80-12e4e49d4509',
      'communicationEnded',
      Date.UTC(2026, 2, 2, 9, 18, 31, 400),
    ),
    'e08bc8b4-b76f-4f4c-a9a4-33e97a00ff15',
  ],
  ['empty name', deterministicUuid('recording', ''), '20564d40-1d72-43b7-93b5-76d9b5900c2f'],
  ['kind a', deterministicUuid('recording', 'a'), 'a9d3fead-acb4-4db6-a07f-3cb5463b8510'],
  ['kind b', deterministicUuid('conversation', 'a'), '90a73180-2793-44a2-aaa2-8b48ee893848'],
];

describe('ids', () => {
  it.each(vectors)('are the same in every program and release: %s', (_what, ours, expected) => {
    expect(ours).toBe(expected);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the ordinal %p', (ordinal) => {
    expect(() => communicationIdOf(callUUID, '7105', ordinal)).toThrow(RangeError);
  });

  it('refuses a time that is none', () => {
    expect(() => gcEventIdOf('c', 'communicationEnded', Number.NaN)).toThrow(RangeError);
  });
});
