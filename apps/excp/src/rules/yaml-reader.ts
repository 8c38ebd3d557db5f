import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { FileProblem } from './hybrid-integration.js';

/** One entry of a YAML map, with the node to point at when something is wrong with it. */
export interface Entry {
  readonly key: string;
  readonly keyNode: unknown;
  readonly value: unknown;
}

/** Reads the parts of one YAML document and collects everything that is wrong with it, with lines. */
export class YamlReader {
  readonly problems: FileProblem[] = [];
  readonly contents: Node | null;
  private readonly lines = new LineCounter();

  constructor(text: string) {
    const document = documentOf(text, this.lines);
    if (document === undefined) {
      this.problems.push({ line: 1, reason: 'is nested too deeply' });
      this.contents = null;
      return;
    }
    for (const fault of [...document.errors, ...document.warnings]) {
      const what =
        fault.code === 'DUPLICATE_KEY' ? 'a key occurs twice' : `is not valid YAML (${fault.code})`;
      this.problems.push({ line: this.lines.linePos(fault.pos[0]).line, reason: what });
    }
    this.contents = document.contents;
  }

  refuse(node: unknown, reason: string): void {
    this.problems.push({ line: this.lineOf(node), reason });
  }

  /** The entries of a map, or undefined and a problem. */
  entries(node: unknown, name: string): Entry[] | undefined {
    if (!isMap(node)) {
      this.refuse(node, `${name} must be a map of keys and values`);
      return undefined;
    }
    return node.items.flatMap((pair) => {
      const key = this.textOf(pair.key);
      if (key === undefined) {
        this.refuse(pair.key, `${name} has a key that is not text`);
        return [];
      }
      return [{ key, keyNode: pair.key, value: pair.value ?? pair.key }];
    });
  }

  isWord(node: unknown, word: string): boolean {
    return isScalar(node) && node.value === word;
  }

  /** Text of up to 255 characters, or undefined and a problem. A number is taken as it is written: `0071` stays that. */
  text(node: unknown, name: string): string | undefined {
    const text = this.textOf(node);
    if (text === undefined) this.refuse(node, `${name} must be text of 1 to 255 characters`);
    return text;
  }

  /** A list of at least one text, or undefined and a problem for each fault. */
  texts(node: unknown, name: string): string[] | undefined {
    if (!isSeq(node) || node.items.length === 0) {
      this.refuse(node, `${name} must be a list with at least one entry`);
      return undefined;
    }
    return node.items.flatMap((item) => this.text(item, `each entry of ${name}`) ?? []);
  }

  private textOf(node: unknown): string | undefined {
    if (!isScalar(node)) return undefined;
    const text = typeof node.value === 'number' ? node.source : node.value;
    return typeof text === 'string' && text.trim() !== '' && text.length <= 255
      ? text.trim().normalize('NFC')
      : undefined;
  }

  private lineOf(node: unknown): number {
    const range =
      typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    const start: unknown = Array.isArray(range) ? range[0] : undefined;
    return typeof start === 'number' ? Math.max(1, this.lines.linePos(start).line) : 1;
  }
}

/** undefined: the parser, which calls itself for each level, ran out of stack. */
function documentOf(text: string, lineCounter: LineCounter) {
  try {
    // Core schema only: no dates, no merge keys, and the errors' own texts, which quote the file, stay unused.
    return parseDocument(text, { lineCounter, prettyErrors: false, schema: 'core' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
