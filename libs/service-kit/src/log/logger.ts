import winston from 'winston';
import { LinesTogether } from './lines-together.js';
import { redactFields } from './redact.js';

export type LogFields = Readonly<Record<string, unknown>>;

/** Event name plus fields; ERROR only when a person must act. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

export type LoggerOptions = {
  readonly service: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'pretty';
  /** Where lines go; standard output when left out. */
  readonly stream?: NodeJS.WritableStream;
};

/** A winston logger that prints one redacted line per event. */
export function createLogger(options: LoggerOptions): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  const line = options.format === 'json' ? json() : printf(prettyLine);
  const lines = new LinesTogether(options.stream ?? process.stdout);
  const backend = winston.createLogger({
    level: options.level,
    format: combine(timestamp(), line),
    transports: [new winston.transports.Stream({ stream: lines })],
  });
  return wrap(backend, lines, { service: options.service });
}

/** A logger that prints nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

function wrap(backend: winston.Logger, lines: LinesTogether, base: LogFields): Logger {
  const write = (level: string) => (event: string, fields?: LogFields) => {
    if (backend.isLevelEnabled(level)) {
      // `message` is winston's own word; the event keeps its name in JSON as `event`.
      backend.log({ ...redactFields({ ...base, ...fields }), event, level, message: event });
      if (level === 'warn' || level === 'error') lines.printNow();
    }
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(backend, lines, { ...base, ...fields }),
  };
}

function prettyLine(info: winston.Logform.TransformableInfo): string {
  const { timestamp, level, event, service, message: _message, ...fields } = info;
  const shown = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return `${String(timestamp).slice(11, 23)} ${level.padEnd(5)} ${String(service)} ${String(event)} ${shown}`.trimEnd();
}
