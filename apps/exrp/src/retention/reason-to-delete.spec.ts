import type { InjectionState } from '../injection/states/injection.js';
import { reasonToDelete } from './reason-to-delete.js';

const hour = 3_600_000;

it.each<
  ['retention' | 'uploaded' | 'confirmed', InjectionState | undefined, number, string | undefined]
>([
  ['retention', 'confirmed', 23, undefined],
  ['retention', 'confirmed', 25, 'past-retention'],
  ['retention', 'failed', 25, 'past-retention'],
  // Metadata may still come.
  ['retention', undefined, 25, undefined],
  ['retention', undefined, 49, 'unknown-past-twice-retention'],
  ['retention', 'waiting', 25, undefined],
  ['retention', 'queued', 47, undefined],
  ['retention', 'waiting', 49, 'open-past-twice-retention'],
  // A late report may be a Failure.
  ['retention', 'uploaded', 47, undefined],
  ['retention', 'uploaded', 49, 'unreported-past-twice-retention'],
  ['uploaded', 'uploaded', 0, 'uploaded'],
  ['uploaded', 'confirmed', 0, 'confirmed'],
  ['uploaded', 'waiting', 1, undefined],
  ['uploaded', 'failed', 1, undefined],
  ['uploaded', undefined, 1, undefined],
  ['confirmed', 'uploaded', 1, undefined],
  ['confirmed', 'confirmed', 0, 'confirmed'],
  ['confirmed', 'uploaded', 25, undefined],
])('deleteWhen=%s, recording %s, %d h old: %s', (deleteWhen, state, ageHours, expected) => {
  const rule = { retentionMs: 24 * hour, deleteWhen };
  expect(reasonToDelete(ageHours * hour, state, rule)).toBe(expected);
});
