import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createLogger } from './logger.js';

function loggerWithWrites() {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
  });
  const logger = createLogger({ service: 'exrp', level: 'info', format: 'json', stream });
  const eventsOf = (write: string | undefined) =>
    (write ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { event: string }).event);
  return { logger, writes: () => writes.map(eventsOf) };
}

it('prints the lines of one turn in one write, and the next turn by itself', async () => {
  const { logger, writes } = loggerWithWrites();
  logger.info('one');
  logger.info('two');
  expect(writes()).toEqual([]);
  await setImmediate();
  expect(writes()).toEqual([['one', 'two']]);
  logger.info('three');
  await setImmediate();
  expect(writes()).toEqual([['one', 'two'], ['three']]);
});

it.each(['warn', 'error'] as const)(
  'prints what is a %s at once, after what came before',
  (level) => {
    const { logger, writes } = loggerWithWrites();
    logger.info('before');
    logger[level]('now');
    expect(writes()).toEqual([['before', 'now']]);
  },
);

it('leaves no listener on the process behind', async () => {
  const before = process.listenerCount('exit');
  const { logger } = loggerWithWrites();
  for (let turn = 0; turn < 20; turn += 1) {
    logger.info('again');
    await setImmediate();
  }
  logger.error('last');
  expect(process.listenerCount('exit')).toBe(before);
});
