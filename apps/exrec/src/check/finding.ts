/** What a check found. `stops`: recordings do not arrive, or are never confirmed, until somebody acts. */
export type Finding = {
  readonly level: 'fine' | 'warning' | 'stops';
  /** One or two words, e.g. `redis`. */
  readonly subject: string;
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
};

export const fine = (subject: string, text: string): Finding => ({ level: 'fine', subject, text });

export const warning = (subject: string, text: string, hint: string): Finding => ({
  level: 'warning',
  subject,
  text,
  hint,
});

export const stops = (subject: string, text: string, hint: string): Finding => ({
  level: 'stops',
  subject,
  text,
  hint,
});

/** A few names, and how many more. */
export function someOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
