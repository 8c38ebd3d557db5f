/** Ends the program with words for the person before the terminal, without a stack trace. */
export class CannotGoOn extends Error {}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
