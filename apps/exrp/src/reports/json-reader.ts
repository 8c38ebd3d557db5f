import type { ReportReader, RowSink } from './report-reader.js';
import { plain, rowOf } from './report-row.js';

/** An object or list that is not closed yet. */
type Frame = {
  readonly isList: boolean;
  /** Place of its first character in the whole text. */
  readonly start: number;
  /** An object in it was a row: it only holds rows. */
  holdsRow: boolean;
  /** Of a list: elements that were no rows. */
  odd: number;
  /** Of a list: whether something other than an object or a list stands since the last comma. */
  isScalar: boolean;
};

/** No row is longer; what is longer holds rows. */
const longestRow = 64 * 1024;
/** Rows lie in lists that are nested no deeper. */
const deepestRow = 8;
const deepest = 1_000;

const [quote, backslash, comma, newline] = [0x22, 0x5c, 0x2c, 0x0a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads JSON of any size: a list of rows, an object that holds one or several, or an object a line. Each object is
 * parsed by itself, so that a damaged one, or what stands beside the rows, keeps no other from being read.
 */
export class JsonReader implements ReportReader {
  readonly #sink: RowSink;
  readonly #stack: Frame[] = [];
  /** The last pieces, enough for one row, as they came: text that is joined and cut again for each piece is costly. */
  #pieces: { readonly text: string; readonly start: number }[] = [];
  #isInText = false;
  #isEscaped = false;
  #isAtLineStart = true;
  #foundRow = false;
  /** The largest number of odd elements of one list without rows: what was taken for rows when there are none. */
  #mostOdd = 0;

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  push(text: string): void {
    const last = this.#pieces.at(-1);
    const start = last === undefined ? 0 : last.start + last.text.length;
    this.#pieces.push({ text, start });
    for (let at = 0; at < text.length; at += 1) this.#check(text.charCodeAt(at), start + at);
    const neededFrom = start + text.length - longestRow;
    this.#pieces = this.#pieces.filter((piece) => piece.start + piece.text.length > neededFrom);
  }

  end(): void {
    const isCut = this.#stack.length > 0;
    while (this.#stack.length > 0) this.#leave(this.#stack.pop());
    if (isCut) this.#sink.unread(1);
    else if (!this.#foundRow) this.#sink.unread(this.#mostOdd);
  }

  #check(code: number, place: number): void {
    if (this.#isInText) {
      this.#checkInText(code);
      return;
    }
    if (code === newline) {
      this.#isAtLineStart = true;
      return;
    }
    if (code <= 0x20) {
      this.#isAtLineStart = false;
      return;
    }
    if (code === openObject || code === openList) this.#enter(code === openList, place);
    else if (code === closeObject || code === closeList) this.#close(place);
    else if (code === comma) this.#separate();
    else {
      if (code === quote) this.#isInText = true;
      const top = this.#stack.at(-1);
      if (top?.isList === true) top.isScalar = true;
    }
    this.#isAtLineStart = false;
  }

  #checkInText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === backslash) this.#isEscaped = true;
    // A text of JSON has no line breaks: its quote was lost.
    else if (code === quote || code === newline) this.#isInText = false;
    if (code === newline) this.#isAtLineStart = true;
  }

  #enter(isList: boolean, start: number): void {
    // An object a line: what the line before left open is damaged, and ends there.
    if (!isList && this.#isAtLineStart && this.#stack.length > 0) {
      if (this.#stack.every((frame) => !frame.isList)) {
        this.#stack.length = 0;
        this.#sink.unread(1);
      }
    }
    if (this.#stack.length >= deepest) this.#stack.length = 0;
    this.#stack.push({ isList, start, holdsRow: false, odd: 0, isScalar: false });
  }

  #separate(): void {
    const top = this.#stack.at(-1);
    if (top?.isList !== true) return;
    if (top.isScalar) top.odd += 1;
    top.isScalar = false;
  }

  #close(place: number): void {
    const frame = this.#stack.pop();
    if (frame === undefined) return;
    const parent = this.#stack.at(-1);
    if (frame.isList) {
      if (frame.isScalar) frame.odd += 1;
      this.#leave(frame);
      return;
    }
    if (frame.holdsRow) return;
    if (this.#readRow(frame, place)) {
      this.#foundRow = true;
      for (const holder of this.#stack) holder.holdsRow = true;
    } else if (parent?.isList === true) parent.odd += 1;
  }

  /** A list that holds rows: what else was in it are rows that could not be read. */
  #leave(frame: Frame | undefined): void {
    if (frame?.isList !== true) return;
    if (frame.holdsRow) this.#sink.unread(frame.odd);
    else this.#mostOdd = Math.max(this.#mostOdd, frame.odd);
  }

  #readRow({ start }: Frame, place: number): boolean {
    if (place - start >= longestRow || this.#stack.length > deepestRow) return false;
    const parsed = parseObject(this.#textOf(start, place + 1));
    if (parsed === undefined) return false;
    const fields = Object.entries(parsed).map(
      ([name, value]) => [plain(name), textOf(value)] as const,
    );
    const row = rowOf(new Map(fields));
    if (row === undefined) this.#sink.columns(Object.keys(parsed));
    else this.#sink.row(row);
    return row !== undefined;
  }

  #textOf(from: number, to: number): string {
    return this.#pieces
      .map(({ text, start }) => text.slice(Math.max(0, from - start), Math.max(0, to - start)))
      .join('');
  }
}

/** The text begins and ends with a brace: what is JSON in it is an object. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
