import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

function terminal(hasProgress: boolean): { readonly terminal: Terminal; readonly told: string[] } {
  const told: string[] = [];
  const nothing = () => undefined;
  return {
    told,
    terminal: {
      ...{ isPerson: false, widthColumns: 80, hasProgress, out: nothing, err: nothing },
      progress: (text) => void told.push(text),
      paint: (_style, text) => text,
    },
  };
}

it('tells a person what takes longer than two seconds, and ends its line', () => {
  const { terminal: seen, told } = terminal(true);
  let nowMs = 0;
  const progress = new Progress(seen, () => nowMs);
  nowMs = 1_999;
  progress.tell('comparing');
  expect(told).toEqual([]);
  nowMs = 3_000;
  progress.tell('comparing');
  progress.show(1, 2);
  progress.end();
  expect(told.join('')).toContain('comparing: 3 s');
  expect(told.join('')).toContain(' 1 of 2');
  expect(told.at(-1)).toBe('\n');
});

it('writes nothing where stderr is no terminal', () => {
  const { terminal: seen, told } = terminal(false);
  let nowMs = 0;
  const progress = new Progress(seen, () => nowMs);
  nowMs = 60_000;
  progress.tell('comparing');
  progress.end();
  expect(told).toEqual([]);
});
