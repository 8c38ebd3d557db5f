import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Where words go. Colours and tables are for people: `--json` and pipes get none. */
export type Terminal = {
  readonly isPerson: boolean;
  readonly widthColumns: number;
  out(text: string): void;
  err(text: string): void;
  /** Whether a person sees stderr, so that a line may be written anew. */
  readonly hasProgress: boolean;
  progress(text: string): void;
  paint(style: Style, text: string): string;
};

export function terminalOf(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const isPerson = stdout.isTTY;
  const hasColours = isPerson && (environment.NO_COLOR ?? '') === '';
  return {
    isPerson,
    widthColumns: isPerson ? stdout.columns : 200,
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
    hasProgress: stderr.isTTY,
    progress: (text) => stderr.write(text),
    paint: (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text),
  };
}
