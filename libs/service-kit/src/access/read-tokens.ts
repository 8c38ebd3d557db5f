import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { SettingFault } from '../settings/read-settings.js';

/** Each may do what the ones before it may (docs/design/CONTRACTS.md#12-who-may-do-what). */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who has the token with this SHA-256. */
export type KnownToken = { readonly name: string; readonly role: Role; readonly sha256: Buffer };

/** The name that `ADMIN_TOKEN` has in every list of who did what. */
export const adminName = 'admin';

/** What `sha256sum` says of no input at all. */
const ofNothing = createHash('sha256').digest('hex');

const fileSchema = z
  .array(
    z.strictObject({
      name: z
        .string('is missing or no text')
        .regex(/^[A-Za-z0-9][\w.@-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . @ -')
        .refine((name) => name !== adminName, `is the name of ADMIN_TOKEN: take another`),
      role: z.enum(roles, `must be one of ${roles.join(', ')}`),
      sha256: z
        .string('must be 64 hexadecimal digits, in quotes when they are all digits')
        .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
        .refine((digits) => digits.toLowerCase() !== ofNothing, 'is that of an empty token'),
    }),
    'must be a YAML list of {name, role, sha256}',
  )
  .min(1, 'lists nobody')
  .superRefine(refuseDoubles);

/**
 * Reads the text of a tokens file.
 * @throws Error that says which entry is wrong, and quotes none
 */
export function readTokens(text: string): readonly KnownToken[] {
  const reading = fileSchema.safeParse(parseYaml(text));
  if (reading.success) {
    return reading.data.map(({ name, role, sha256 }) => ({
      name,
      role,
      sha256: Buffer.from(sha256, 'hex'),
    }));
  }
  const [issue] = reading.error.issues;
  throw new Error(issue === undefined ? 'cannot be used' : describeIssue(issue));
}

function describeIssue({ path, code, message }: z.core.$ZodIssue): string {
  const [index, field] = path;
  const words =
    code === 'unrecognized_keys' ? 'has a field other than name, role, sha256' : message;
  if (typeof index !== 'number') return words;
  return `entry ${index + 1}: ${field === undefined ? '' : `${String(field)} `}${words}`;
}

/** One person may have two tokens, so that they can change them; but only one role, and a token only one person. */
function refuseDoubles(
  entries: readonly { readonly name: string; readonly role: Role; readonly sha256: string }[],
  context: z.RefinementCtx,
): void {
  entries.forEach(({ name, role, sha256 }, index) => {
    const earlier = entries.slice(0, index);
    if (earlier.some((other) => other.sha256.toLowerCase() === sha256.toLowerCase()))
      context.addIssue({ code: 'custom', path: [index, 'sha256'], message: 'is there twice' });
    if (earlier.some((other) => other.name === name && other.role !== role))
      context.addIssue({
        code: 'custom',
        path: [index, 'role'],
        message: 'differs from that of an entry with the same name',
      });
  });
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // The parser's message quotes the line.
    throw new Error('cannot be read as YAML');
  }
}

/**
 * The tokens file as it is now.
 * @throws Error without values
 */
export function readTokensFile(path: string): {
  readonly text: string;
  readonly tokens: readonly KnownToken[];
} {
  const text = readText(path);
  const mode = statSync(path).mode;
  // Who may write it may make an administrator of anybody.
  if ((mode & 0o002) !== 0) throw new Error('may be written by everybody: chmod o-w');
  return { text, tokens: readTokens(text) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error('names a file that cannot be read');
  }
}

/** A tokens file that cannot be used is a fault of the settings. */
export function tokensRule(settings: Readonly<Record<string, unknown>>): SettingFault[] {
  const path = settings.EXREC_TOKENS_FILE;
  if (typeof path !== 'string') return [];
  try {
    readTokensFile(path);
    return [];
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'cannot be used';
    return [{ name: 'EXREC_TOKENS_FILE', problem }];
  }
}
