import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Service, services, type ServiceName } from './connection/service.js';
import { wrongUse } from './connection/cli-error.js';
import { readTime } from './output/times.js';
import type { Terminal } from './output/terminal.js';

/** What every command is given (docs/design/CONTRACTS.md#13-exrec-command-line, docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (9)). */
export type Context = {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: number;
  readonly stdin: Readable & { readonly isTTY?: boolean };
};

/** Flags that every command has. */
export type CommonFlags = {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
};

/** @param url where `name` is when it is the one that the command is about; else its environment variable says */
export function serviceOf(name: ServiceName, context: Context, flags: CommonFlags): Service {
  const { variable, fallback } = services[name];
  const url = (name === 'ledger' ? flags.url : undefined) ?? context.environment[variable];
  return new Service(
    name,
    checked(url === undefined || url === '' ? fallback : url),
    tokenOf(context, flags),
  );
}

/** Whether somebody said where a service is; else its place is a guess. */
export function isGiven(name: ServiceName, { environment }: Context, flags: CommonFlags): boolean {
  const url = name === 'ledger' ? flags.url : undefined;
  return (url ?? environment[services[name].variable] ?? '') !== '';
}

/** Who answers for EXCP: the ledger, which forwards and notes who did it; EXCP itself where nobody said where a ledger is. */
export function excpOf(context: Context, flags: CommonFlags): Service {
  return serviceOf(isGiven('ledger', context, flags) ? 'ledger' : 'excp', context, flags);
}

/** Where a service runs its ADMIN_TOKEN is at hand, too. */
function tokenOf({ environment }: Context, flags: CommonFlags): string | undefined {
  if (flags.token !== undefined) return flags.token;
  for (const name of ['EXREC_TOKEN', 'ADMIN_TOKEN']) {
    const text = environment[name] ?? '';
    if (text !== '') return text;
    const file = environment[`${name}_FILE`] ?? '';
    if (file !== '') return textOf(name, file);
  }
  return undefined;
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw wrongUse(`the file that ${name}_FILE names cannot be read`);
  }
}

function checked(url: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw wrongUse(`${url} is no http or https URL`);
}

export type SpanFlags = { readonly since?: string; readonly from?: string; readonly to?: string };

/** `from` and `to` as ISO times, from `--since`, `--from` and `--to`. @throws CliError */
export function spanOf(flags: SpanFlags, { nowMs }: Context): { from?: string; to?: string } {
  if (flags.since !== undefined && flags.from !== undefined)
    throw wrongUse('--since and --from say the same: give one of them');
  const start = flags.since ?? flags.from;
  const from = start === undefined ? undefined : timeOf(start, nowMs);
  const to = flags.to === undefined ? undefined : timeOf(flags.to, nowMs);
  if (from !== undefined && to !== undefined && from >= to)
    throw wrongUse('the span ends before it begins');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function timeOf(text: string, nowMs: number): string {
  const ms = readTime(text, nowMs);
  if (ms === undefined)
    throw wrongUse(
      `${text} is no time`,
      'like 2d, 90m, today, monday, 10:15, 2026-03-02 or 2026-03-02T10:15Z',
    );
  return new Date(ms).toISOString();
}

/** One document with `--json`, else lines for a person. */
export function write(
  { terminal }: Context,
  { json }: CommonFlags,
  document: unknown,
  lines: readonly string[],
): void {
  if (json === true) terminal.out(JSON.stringify(document, null, 2));
  else for (const line of lines) terminal.out(line);
}
