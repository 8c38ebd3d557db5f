import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@exrec/testing';
import { eachPiece } from './each-piece.js';

/** A promise that is settled from outside. */
function pending() {
  let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void };
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return {
    promise,
    resolve: () => settle.resolve(),
    reject: (error: Error) => settle.reject(error),
  };
}

/** What has become of a promise so far. */
function watched(promise: Promise<void>) {
  const seen: string[] = [];
  promise.then(
    () => seen.push('done'),
    (error: unknown) => seen.push(String(error)),
  );
  return seen;
}

it('gives every piece in order and ends with the body', async () => {
  const body = new PassThrough();
  const pieces: string[] = [];
  const reading = eachPiece(body, (piece) => {
    pieces.push(piece.toString());
    return pieces.length === 1 ? sleep(5) : undefined;
  });
  for (const piece of ['a', 'b', 'c']) body.write(piece);
  body.end();
  await reading;
  expect(pieces.join('')).toBe('abc');
});

describe('while a piece is still being taken', () => {
  it.each([
    [
      'the body fails',
      (body: PassThrough) => body.destroy(new Error('client gone')),
      /client gone/,
    ],
    ['the body is cut', (body: PassThrough) => body.destroy(), /Premature close/],
    ['the body ends', (body: PassThrough) => body.end(), /^done$/],
  ])('nothing is settled, also when %s', async (_name, finish, outcome) => {
    const body = new PassThrough();
    const piece = pending();
    const seen = watched(eachPiece(body, () => piece.promise));
    body.write('a');
    await waitFor('a piece to be taken', () => Promise.resolve(body.isPaused()));
    finish(body);
    await sleep(20);
    expect(seen).toEqual([]);
    piece.resolve();
    await sleep(20);
    expect(seen).toEqual([expect.stringMatching(outcome)]);
  });
});

it('passes on a refusal and leaves the rest of the body alone', async () => {
  const body = new PassThrough();
  const piece = pending();
  const reading = eachPiece(body, () => piece.promise);
  body.write('a');
  await waitFor('a piece to be taken', () => Promise.resolve(body.isPaused()));
  piece.reject(new Error('full'));
  await expect(reading).rejects.toThrow('full');
  expect(body.destroyed).toBe(false);
  expect(body.listenerCount('data')).toBe(0);
});
