import { readOptions } from './options.js';

it('takes numbers from flags, then from the environment, then the usual ones', () => {
  const options = readOptions(['seal', '--runs', '7'], { BENCH_RUNS: '6', BENCH_LONG_MB: '50' });
  expect(options).toMatchObject({
    names: ['seal'],
    runs: 7,
    longBytes: 50_000_000,
    recordings: 300,
  });
});

it('writes no results of a quick look, unless told where', () => {
  expect(readOptions(['--quick'], {}).outDir).toBeUndefined();
  expect(readOptions(['--quick', '--out', 'x'], {}).outDir).toBe('x');
  expect(readOptions([], {}).outDir).toBe('bench/results');
});

it.each([[['--runs', '0']], [['--runs', 'many']], [['--unknown']]])('refuses %j', (args) => {
  expect(() => readOptions(args, {})).toThrow();
});
