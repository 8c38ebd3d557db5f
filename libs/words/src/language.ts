/** The languages that console and command line speak. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The one of ours that a list like the browser's asks for first; English where it asks for none of them. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const known = languages.find((language) => tag.toLowerCase().startsWith(language));
    if (known !== undefined) return known;
  }
  return 'en';
}
