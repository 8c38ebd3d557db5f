import { stdout } from 'node:process';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';
/** Colours a text, or leaves it as it is where nobody would see colours. */
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => {
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** Colours on a terminal only, and not where `NO_COLOR` is set (no-color.org). */
export function paintFor(isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb' ? coloured : plain;
}

/** Lines for the person who watches. */
export type Terminal = {
  readonly paint: Paint;
  say(text?: string): void;
  /** What is going on now: one line that changes on a terminal, else a line for each change. */
  progress(text: string): void;
};

export function createTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  const isTerminal = stdout.isTTY;
  let shown = '';
  const wipe = () => {
    if (isTerminal && shown !== '') stdout.write('\r\u001b[2K');
    shown = '';
  };
  return {
    paint: paintFor(isTerminal, environment),
    say: (text = '') => {
      wipe();
      stdout.write(`${text}\n`);
    },
    progress: (text) => {
      if (text === shown) return;
      wipe();
      shown = text;
      stdout.write(isTerminal ? text : `${text}\n`);
    },
  };
}
