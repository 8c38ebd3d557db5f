import { figureOf, type Goal } from './figure.js';

const rounds = {
  subject: [{ rate: 10 }, { rate: 30 }, { rate: 20 }],
  baseline: [{ rate: 4 }, { rate: 8 }, { rate: 5 }],
};

function figure(goal?: Goal, given: Parameters<typeof figureOf>[1] = rounds) {
  const options = { name: 'throughput', value: 'rate', unit: '/s' };
  return figureOf('bench', given, goal === undefined ? options : { ...options, goal });
}

it('compares the medians of both sides', () => {
  expect(figure()).toMatchObject({ subject: 20, baseline: 5, ratio: 4 });
  expect(figure()).not.toHaveProperty('met');
});

it.each<[Goal, boolean]>([
  [{ of: 'ratio', atLeast: 4 }, true],
  [{ of: 'ratio', atLeast: 4.1 }, false],
  [{ of: 'ratio', atMost: 4 }, true],
  [{ of: 'ratio', atMost: 3.9 }, false],
  [{ of: 'value', atMost: 20 }, true],
  [{ of: 'value', atMost: 19 }, false],
])('holds the goal %j against the right number', (goal, met) => {
  expect(figure(goal).met).toBe(met);
});

it('neither meets nor misses a ratio that has no baseline', () => {
  expect(figure({ of: 'ratio', atLeast: 1 }, { ...rounds, baseline: [] })).not.toHaveProperty(
    'met',
  );
});
