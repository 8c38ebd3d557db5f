const form =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ?(Z|([+-])(\d\d):?(\d\d)?)$/i;

/** A time outside the years 2000 to 2099 is a fault of the sender's clock, not a time. */
const firstYear = 2000;
const lastYear = 2099;

/**
 * Epoch milliseconds of `2026-03-02T09:15:04Z`, `….004Z`, `…+0000`, `…+00:00` or any other offset (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file), also with a
 * blank for the `T` and before the zone;
 * undefined for everything else, dates that don't exist and times without a zone included.
 */
export function parseTime(text: string): number | undefined {
  const match = form.exec(text.trim());
  if (match === null) return undefined;
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.map(Number);
  if (year < firstYear || year > lastYear || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  // 30 February would roll over into March.
  if (new Date(localMs).getUTCMonth() !== month - 1) return undefined;
  const offsetMinutes = Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0);
  if (offsetMinutes > 14 * 60 || Number(match[11] ?? 0) > 59) return undefined;
  return localMs - (match[9] === '-' ? -offsetMinutes : offsetMinutes) * 60_000;
}
