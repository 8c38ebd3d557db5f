import { plain, type Paint, type Style } from './terminal.js';

export type Cell = { readonly text: string; readonly style?: Style };

/** Rows under one title; `notes` follow them over the whole width. */
export type Group = {
  readonly title: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly notes?: readonly Cell[];
};

export type Column = {
  readonly heading: string;
  /** A cell is wrapped beyond this; by default beyond 30. */
  readonly widthMax?: number;
};

export type Table = {
  /** Of the groups' titles. */
  readonly titleHeading: string;
  readonly columns: readonly Column[];
  readonly groups: readonly Group[];
};

const widest = 120;
const indent = ' ';
const gap = '  ';
const cellMax = 30;
const titleMin = 16;

/**
 * Lines of at most 120 columns. Cells are as wide as they need, titles get the rest and are wrapped
 * over the rows of their group.
 */
export function renderTable(table: Table, paint: Paint = plain): string[] {
  const { titleHeading, columns, groups } = table;
  const rows = groups.flatMap((group) => group.rows);
  const cellWidths = columns.map(({ heading, widthMax = cellMax }, index) =>
    longest([heading, ...rows.flatMap((row) => wrap(row[index]?.text ?? '', widthMax))]),
  );
  const taken = cellWidths.reduce((sum, width) => sum + gap.length + width, indent.length);
  const titles = [titleHeading, ...groups.map(({ title }) => title)];
  const titleWidth = Math.max(titleMin, Math.min(longest(titles), widest - taken));
  const widths = [titleWidth, ...cellWidths];
  const headings = [titleHeading, ...columns.map(({ heading }) => heading)];
  const line = (cells: readonly Cell[]) => renderLine(cells, widths, paint);
  return [
    line(headings.map((text) => ({ text, style: 'bold' }))),
    line(widths.map((width) => ({ text: '─'.repeat(width), style: 'dim' }))),
    ...groups.flatMap((group) => [
      ...groupLines(group, widths).map(line),
      ...(group.notes ?? []).flatMap((note) => noteLines(note, paint)),
    ]),
  ];
}

/** The lines of a group's rows, with as much of the title in each as fits. */
function groupLines({ title, rows }: Group, widths: readonly number[]): Cell[][] {
  const [titleWidth = 0, ...cellWidths] = widths;
  const cellLines = rows.flatMap((row) => rowLines(row, cellWidths));
  const titleLines = wrap(title, titleWidth);
  const count = Math.max(cellLines.length, titleLines.length);
  return Array.from({ length: count }, (_, index) => [
    { text: titleLines[index] ?? '' },
    ...(cellLines[index] ?? []),
  ]);
}

function rowLines(row: readonly Cell[], widths: readonly number[]): Cell[][] {
  const wrapped = row.map(({ text }, column) => wrap(text, widths[column] ?? cellMax));
  const count = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: count }, (_, index) =>
    row.map((cell, column) => ({ ...cell, text: wrapped[column]?.[index] ?? '' })),
  );
}

function noteLines({ text, style }: Cell, paint: Paint): string[] {
  const margin = `${indent}${gap}`;
  return wrap(text, widest - margin.length).map(
    (line) => `${margin}${style === undefined ? line : paint(style, line)}`,
  );
}

function renderLine(cells: readonly Cell[], widths: readonly number[], paint: Paint): string {
  const texts = cells.map(({ text, style }, column) => {
    const isLast = column === widths.length - 1;
    const padding = isLast ? '' : ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length));
    return `${style === undefined || text === '' ? text : paint(style, text)}${padding}`;
  });
  return `${indent}${texts.join(gap)}`.trimEnd();
}

/** Breaks a text between words; a word that is longer than the width is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= width) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = word;
  }
  return [...lines, current];
}

function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_, index) =>
    word.slice(index * width, (index + 1) * width),
  );
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
