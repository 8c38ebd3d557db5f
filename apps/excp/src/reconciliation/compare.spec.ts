import type { DeliveryRecord, DeliveryState } from '../decision/delivery-record.js';
import {
  compareSegment,
  isUnknownSegment,
  isWithoutMetadata,
  isWorthSending,
  type RecordingStanding,
} from './compare.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const nowMs = Date.UTC(2026, 2, 2, 12);
const ago = (ms: number) => nowMs - ms;

const dispatch = (state: DeliveryState, sinceMs = ago(hourMs)): DeliveryRecord => ({
  state,
  atMs: sinceMs,
});
const compare = (
  record: DeliveryRecord | undefined,
  recording: Partial<RecordingStanding> = {},
  endedAtMs = ago(hourMs),
) =>
  compareSegment(
    { mediaId: 'a.opus', endedAtMs, dispatch: record },
    { state: null, cause: null, ...recording },
    nowMs,
  );

describe('compareSegment', () => {
  const sent = dispatch('dispatched');
  it.each<[string, ReturnType<typeof compare>, object]>([
    ['is confirmed', compare(sent, { state: 'confirmed' }), { standing: 'confirmed' }],
    [
      'is uploaded, and its report may still come',
      compare(sent, { state: 'uploaded', uploadedAtMs: ago(2 * hourMs) }),
      { standing: 'uploaded' },
    ],
    [
      'was uploaded and never confirmed',
      compare(sent, { state: 'uploaded', uploadedAtMs: ago(2 * hourMs + 1) }),
      { standing: 'uploaded', difference: 'uploaded-not-confirmed', sinceMs: ago(2 * hourMs + 1) },
    ],
    [
      'waits for Genesys Cloud',
      compare(sent, { state: 'waiting', cause: 'gc-unavailable' }),
      { standing: 'waiting' },
    ],
    [
      'waits for its audio',
      compare(sent, { state: 'waiting', cause: 'audio-missing' }),
      { standing: 'waiting', difference: 'metadata-without-file', cause: 'audio-missing' },
    ],
    [
      'was given up for its missing audio',
      compare(sent, { state: 'failed', cause: 'audio-missing' }),
      { standing: 'failed', difference: 'metadata-without-file', cause: 'audio-missing' },
    ],
    [
      'is a dead letter',
      compare(sent, { state: 'failed', cause: 'gc-rejected' }),
      { standing: 'failed', difference: 'dead-letter', cause: 'gc-rejected' },
    ],
    ['is being worked on', compare(sent, { state: 'sealing' }), { standing: 'waiting' }],
    [
      'was sent and is not known to EXRP',
      compare(sent),
      { standing: 'unexplained', difference: 'never-dispatched', sinceMs: ago(hourMs) },
    ],
    [
      'was sent so long ago that EXRP has forgotten it',
      compare(dispatch('dispatched', ago(13 * dayMs + 1))),
      { standing: 'settledLongAgo' },
    ],
    ['is about to be sent', compare(dispatch('queued')), { standing: 'waiting' }],
    ['will be sent again', compare(dispatch('waiting')), { standing: 'waiting' }],
    [
      'reached EXRP although its dispatch was not noted',
      compare(dispatch('queued'), { state: 'confirmed' }),
      { standing: 'confirmed' },
    ],
    [
      'was just decided about',
      compare(undefined, {}, ago(15 * minuteMs - 1)),
      { standing: 'waiting' },
    ],
    [
      'was never decided about',
      compare(undefined, {}, ago(15 * minuteMs)),
      { standing: 'unexplained', difference: 'never-dispatched', sinceMs: ago(15 * minuteMs) },
    ],
    ['is not in scope', compare(dispatch('out-of-scope')), { standing: 'outOfScope' }],
    [
      'was refused',
      compare({ ...dispatch('refused'), cause: 'exrp-refused' }),
      { standing: 'failed', difference: 'refused', cause: 'exrp-refused', sinceMs: ago(hourMs) },
    ],
  ])('a segment that %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

it.each([
  ['a stranger of more than an hour', { state: null, age: hourMs + 1, isKnown: false }, true],
  ['one whose metadata may still come', { state: null, age: hourMs, isKnown: false }, false],
  ['one whose segment is known', { state: null, age: dayMs, isKnown: true }, false],
  ['one that EXRP works on', { state: 'waiting', age: dayMs, isKnown: false }, false],
])('isWithoutMetadata: %s', (_, { state, age, isKnown }, expected) => {
  expect(isWithoutMetadata({ state, modifiedAtMs: ago(age) }, isKnown, nowMs)).toBe(expected);
});

it.each([
  [false, dayMs, true],
  [true, dayMs, false],
  [false, 14 * dayMs, false],
])('isUnknownSegment: known %s, accepted %d ms ago', (isKnown, ageMs, expected) => {
  expect(isUnknownSegment({ acceptedAtMs: ago(ageMs) }, isKnown, nowMs)).toBe(expected);
});

it.each([
  ['its file is there', true, 5 * dayMs, true],
  ['its file may still come', false, hourMs - 1, true],
  ['its file was deleted long ago', false, hourMs, false],
])('a segment is worth sending again when %s', (_, hasFile, ageMs, expected) => {
  const segment = {
    mediaId: 'a.opus',
    endedAtMs: ago(5 * dayMs),
    dispatch: dispatch('dispatched', ago(ageMs)),
  };
  expect(isWorthSending(segment, hasFile, nowMs)).toBe(expected);
});
