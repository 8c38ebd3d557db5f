import * as z from 'zod';

/**
 * The one rule for names of audio files (`mediaId`, `audioFile`): a plain file name of 1 to 255
 * characters of `A-Z a-z 0-9 . _ - + @ =` that does not start with a dot. Such a name is safe in a
 * URL, a path and a ZIP without any escaping. Two dots inside (`a..opus`) are harmless and allowed.
 */
export const mediaIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_\-+@=][A-Za-z0-9._\-+@=]{0,254}$/, 'is not a plain file name');

/** Whether `value` obeys the rule of {@link mediaIdSchema}. */
export function isMediaId(value: unknown): value is string {
  return mediaIdSchema.safeParse(value).success;
}

/**
 * `value`, known to be a plain file name.
 * @throws RangeError otherwise; the message does not repeat the value, which is an attacker's text
 */
export function parseMediaId(value: unknown): string {
  if (!isMediaId(value)) {
    throw new RangeError(
      'must be a plain file name: 1 to 255 of A-Z a-z 0-9 . _ - + @ =, no dot first',
    );
  }
  return value;
}
