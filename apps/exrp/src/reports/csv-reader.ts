import type { ReportReader, RowSink } from './report-reader.js';
import { isHeader, plain, rowOf, rowOfUnnamed, type ReportRow } from './report-row.js';

const delimiters = [',', ';', '\t', '|'] as const;
/** Titles and the like may stand above the header, this many lines at most. */
const longestPreface = 20;
/** A quoted field may go on in further lines, this many at most; else its quote is taken for one that was never closed. */
const mostContinuations = 20;
/** A report with more such quotes has no fields of several lines: looking for their ends would take its time for each. */
const mostGivenUp = 100;
const longestLine = 256 * 1024;

type Line = { readonly fields: readonly string[]; readonly isOpen: boolean };

/**
 * Reads a table with delimiters, as tolerant as can be (docs/design/CONTRACTS.md#37-confirmation-and-retention): with or without a header, below titles, with
 * `sep=`, with quotes inside of fields. A line that cannot be read counts as such and keeps no other from being read.
 */
export class CsvReader implements ReportReader {
  readonly #sink: RowSink;
  #rest = '';
  #isTooLong = false;
  #linesBeforeHeader = 0;
  /** Lines before any header that look like a table's. */
  #passedOver = 0;
  #delimiter: string | undefined;
  #header: readonly string[] | undefined;
  /** Lines since a quote that is still open. */
  #open: string[] = [];
  #givenUp = 0;

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  push(text: string): void {
    this.#rest += text;
    // Looked through once for each line, not for each piece of one.
    if (text.includes('\n')) {
      const lines = this.#rest.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line.replace(/\r$/, ''));
    }
    if (this.#rest.length <= longestLine) return;
    this.#isTooLong = true;
    this.#rest = '';
  }

  end(): void {
    this.push('\n');
    this.#giveUpOpen();
    this.#countPassedOver();
  }

  #take(line: string): void {
    if (this.#isTooLong) {
      this.#isTooLong = false;
      this.#sink.unread(1);
      return;
    }
    if (this.#open.length > 0) this.#goOn(line);
    else if (line.trim() !== '') this.#begin(line);
  }

  #begin(line: string): void {
    if (this.#header === undefined && this.#isPreface(line)) return;
    const { fields, isOpen } = split(line, this.#delimiter ?? ',');
    if (isOpen) this.#open = [line];
    else this.#read(fields);
  }

  /** The line behind an open quote belongs to its field, unless it is a row by itself. */
  #goOn(line: string): void {
    const alone = split(line, this.#delimiter ?? ',');
    if (this.#rowOf(alone.fields) !== undefined) {
      this.#giveUpOpen();
      this.#take(line);
      return;
    }
    this.#open.push(line);
    const whole = this.#open.join('\n');
    const { fields, isOpen } = split(whole, this.#delimiter ?? ',');
    if (!isOpen && fields.length === (this.#header?.length ?? fields.length)) {
      this.#open = [];
      this.#read(fields);
      return;
    }
    const isHopeless =
      !isOpen || this.#open.length > mostContinuations || this.#givenUp > mostGivenUp;
    if (isHopeless || whole.length > longestLine) this.#giveUpOpen();
  }

  /** The first line counts as unread; those behind it are looked at again, each by itself. */
  #giveUpOpen(): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    if (first === undefined) return;
    this.#givenUp += 1;
    this.#sink.unread(1);
    for (const line of others) this.#take(line);
  }

  #read(fields: readonly string[]): void {
    const row = this.#rowOf(fields);
    if (row === undefined) this.#sink.unread(1);
    else this.#sink.row(row);
  }

  #rowOf(fields: readonly string[]): ReportRow | undefined {
    if (this.#header === undefined) return rowOfUnnamed(fields);
    return rowOf(new Map(this.#header.map((column, at) => [column, fields[at] ?? ''])));
  }

  /** Looks for the header, and for a first row where there is none. @returns whether the line is done with */
  #isPreface(line: string): boolean {
    const [, separator] = /^sep=(.)$/i.exec(line.trim()) ?? [];
    if (separator !== undefined) {
      this.#delimiter = separator;
      return true;
    }
    const choices = this.#delimiter === undefined ? delimiters : [this.#delimiter];
    for (const delimiter of choices) {
      const { fields } = split(line, delimiter);
      if (isHeader(fields)) {
        this.#sink.columns(fields);
        [this.#delimiter, this.#header] = [delimiter, fields.map(plain)];
        return true;
      }
      if (rowOfUnnamed(fields) === undefined || fields.length < 2) continue;
      this.#delimiter = delimiter;
      return false;
    }
    this.#linesBeforeHeader += 1;
    if (this.#linesBeforeHeader > longestPreface) return false;
    // A title has one field as a rule; rows of a table that is not understood have several.
    const { fields } = split(line, ',');
    if (choices.some((delimiter) => split(line, delimiter).fields.length > 1)) {
      if (this.#passedOver === 0) this.#sink.columns(fields);
      this.#passedOver += 1;
    }
    return true;
  }

  /** What was passed over were rows after all; the first of them was the header, which nobody understands. */
  #countPassedOver(): void {
    if (this.#header === undefined && this.#passedOver > 1) this.#sink.unread(this.#passedOver - 1);
    this.#passedOver = 0;
  }
}

/** The fields of a line. A field that begins with a quote ends with one; what stands behind it belongs to it all the same. */
function split(line: string, delimiter: string): Line {
  const fields: string[] = [];
  for (let at = 0; at <= line.length;) {
    const field = fieldAt(line, at, delimiter);
    fields.push(field.text.trim());
    if (field.isOpen) return { fields, isOpen: true };
    at = field.end + 1;
  }
  return { fields, isOpen: false };
}

function fieldAt(line: string, start: number, delimiter: string) {
  let quote = start;
  while (line[quote] === ' ') quote += 1;
  if (line[quote] !== '"') {
    const end = endOf(line, start, delimiter);
    return { text: line.slice(start, end), end, isOpen: false };
  }
  let text = '';
  let at = quote + 1;
  for (;;) {
    const closing = line.indexOf('"', at);
    if (closing < 0) return { text: text + line.slice(at), end: line.length, isOpen: true };
    text += line.slice(at, closing);
    at = closing + 1;
    if (line[at] !== '"') break;
    text += '"';
    at += 1;
  }
  const end = endOf(line, at, delimiter);
  return { text: text + line.slice(at, end), end, isOpen: false };
}

function endOf(line: string, from: number, delimiter: string): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.length : end;
}
