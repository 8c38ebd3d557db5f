/** Codes compare without regard to case, and with `_` as `-`. */
export function comparableCode(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** Comparable code → GC's own spelling; of two spellings of one code the first counts. */
export function dialectLookup(codes: readonly string[]): ReadonlyMap<string, string> {
  return new Map(codes.toReversed().map((code) => [comparableCode(code), code]));
}

/**
 * GC's dialects as last documented (docs/reference/genesys-facts.md#54-language-codes), for when the dialects endpoint names none
 * for the engine `Genesys`.
 */
export const DOCUMENTED_DIALECTS: readonly string[] = (
  'ar-001 ar-AE ar-BH ar-EG ar-IL ar-SA ar-TN da-DK de-CH de-DE en-AU en-GB en-HK en-IE en-IN ' +
  'en-NZ en-SG en-US en-ZA es-ES es-US fi-FI fr-CA fr-FR he-IL hi-IN it-IT ja-JP ko-KR nb-NO ' +
  'nl-NL pl-PL pt-BR pt-PT sv-SE tr-TR zh-CN zh-HK zh-TW zu-ZA'
).split(' ');
