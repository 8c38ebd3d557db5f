import type { Figure, Goal } from '../measure/figure.js';

const headings = ['bench', 'figure', 'subject', 'baseline', 'ratio', 'goal', ''] as const;

/** The figures as a Markdown table. */
export function resultTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.bench,
    figure.name,
    `${short(figure.subject)} ${figure.unit}`,
    figure.baseline === undefined ? '' : `${short(figure.baseline)} ${figure.unit}`,
    figure.ratio === undefined ? '' : ratioText(figure.ratio),
    figure.goal === undefined ? '' : goalText(figure.goal, figure.unit),
    verdict(figure),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

/** Three digits that count. */
export function short(value: number): string {
  if (value === 0) return '0';
  const digits = Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
}

export function ratioText(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

export function goalText({ of, atLeast, atMost }: Goal, unit: string): string {
  const value = (limit: number) => (of === 'ratio' ? ratioText(limit) : `${short(limit)} ${unit}`);
  if (atLeast !== undefined) return `≥ ${value(atLeast)}`;
  return atMost === undefined ? '' : `≤ ${value(atMost)}`;
}

export function verdict({ met }: Pick<Figure, 'met'>): string {
  if (met === undefined) return '';
  return met ? 'met' : 'not met';
}
