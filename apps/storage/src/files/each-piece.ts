import { finished, type Readable } from 'node:stream';

/**
 * Gives each piece of a body to `take`, and reads on when it is done with it. Unlike with an iterator, which stops the
 * socket for every piece, that happens only where there is something to wait for. What is left of a body that is
 * refused stays for the caller to read or to leave. Settles when nothing is being taken any more, however the body
 * ended: the caller may close what the pieces go to.
 * @param take refuses a piece by its promise
 * @throws that refusal, or what ended the body early
 */
export function eachPiece(
  body: Readable,
  take: (piece: Buffer) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let taken: Promise<void> | undefined;
    const onPiece = (piece: Buffer): void => {
      taken = take(piece);
      if (taken === undefined) return;
      body.pause();
      taken.then(
        () => body.resume(),
        () => end(),
      );
    };
    const unwatch = finished(body, { writable: false }, end);
    body.on('data', onPiece);

    function end(error?: Error | null): void {
      unwatch();
      body.off('data', onPiece);
      Promise.resolve(taken).then(() => (error ? reject(error) : resolve()), reject);
    }
  });
}
