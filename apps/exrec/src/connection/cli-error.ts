/** Something went wrong that a person can do something about: what, and what to do next. */
export class CliError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(
    message: string,
    options: { readonly hint?: string; readonly exitCode?: number } = {},
  ) {
    super(message);
    this.name = 'CliError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.found;
  }
}

/** docs/design/CONTRACTS.md#13-exrec-command-line. */
export const exitCodes = { fine: 0, found: 1, wrongUse: 2 } as const;

export function wrongUse(message: string, hint?: string): CliError {
  return new CliError(message, {
    exitCode: exitCodes.wrongUse,
    ...(hint === undefined ? {} : { hint }),
  });
}
