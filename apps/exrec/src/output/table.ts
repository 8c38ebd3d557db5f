import { stripVTControlCharacters } from 'node:util';

export type TableColumn = { readonly heading: string; readonly align?: 'left' | 'right' };

const gap = '  ';

/** Columns as wide as what is in them, the last one as long as it is. Cells may be painted. */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))));
  return all.map((row) =>
    columns
      .map(({ align = 'left' }, at) => {
        const cell = row[at] ?? '';
        if (align === 'left' && at === columns.length - 1) return cell;
        const padding = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
        return align === 'right' ? padding + cell : cell + padding;
      })
      .join(gap)
      .trimEnd(),
  );
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
