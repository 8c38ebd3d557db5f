import { mayDelete } from './retention.js';
import type { InjectionState } from '../injection/states/injection.js';

const hour = 3_600_000;

describe('mayDelete', () => {
  it.each<['retention' | 'uploaded' | 'confirmed', InjectionState | undefined, number, boolean]>([
    ['retention', 'confirmed', 23, false],
    ['retention', 'confirmed', 25, true],
    ['retention', undefined, 23, false],
    ['retention', undefined, 25, true],
    ['retention', 'failed', 25, true],
    ['retention', 'waiting', 25, false],
    ['retention', 'queued', 47, false],
    ['retention', 'waiting', 49, true],
    ['uploaded', 'uploaded', 0, true],
    ['uploaded', 'confirmed', 0, true],
    ['uploaded', 'waiting', 1, false],
    ['uploaded', 'failed', 1, false],
    ['uploaded', undefined, 1, false],
    ['confirmed', 'uploaded', 1, false],
    ['confirmed', 'confirmed', 0, true],
    ['confirmed', 'uploaded', 25, true],
  ])('deleteWhen=%s, recording %s, %d h old: %s', (deleteWhen, state, ageHours, expected) => {
    expect(mayDelete(ageHours * hour, state, { retentionMs: 24 * hour, deleteWhen })).toBe(
      expected,
    );
  });
});
