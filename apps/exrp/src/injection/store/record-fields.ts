import * as z from 'zod';
import {
  attemptSchema,
  factsSchema,
  injectionStates,
  requeueSchema,
  type Injection,
} from '../states/injection.js';

/** A record as the fields of a Redis hash. */
export type RecordFields = Readonly<Record<string, string>>;

const json = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(inner);
const number = z.coerce.number();

const recordSchema = z.object({
  recordingId: z.string(),
  version: number,
  state: z.enum(injectionStates),
  audioFile: z.string(),
  metadata: z.string().default(''),
  expectedSizeBytes: number.optional(),
  expectedDurationMs: number.optional(),
  cause: z.string().optional(),
  detail: z.string().optional(),
  attempts: number.default(0),
  nextTryAtMs: number.optional(),
  acceptedAtMs: number,
  updatedAtMs: number,
  audioDeadlineAtMs: number,
  uploadedAtMs: number.optional(),
  confirmedAtMs: number.optional(),
  facts: json(factsSchema).prefault('{}'),
  history: json(z.array(attemptSchema)).prefault('[]'),
  requeues: json(z.array(requeueSchema)).prefault('[]'),
});

/** Parses a record; fields that a later release added are left out. */
export function readRecord(fields: RecordFields): Injection {
  const parsed = recordSchema.parse(fields);
  // zod's optional fields carry `undefined`; the domain type leaves them out.
  return Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined),
  ) as Injection;
}

/** The hash fields of those parts of a record that are given; `undefined` removes a field. */
export function writeFields(
  part: Partial<{ [K in keyof Injection]: Injection[K] | undefined }>,
): string[] {
  return Object.entries(part).flatMap(([name, value]) => [name, fieldText(value)]);
}

function fieldText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Pairs a flat Redis reply: field, value, field, value, … */
export function pairFields(flat: readonly string[]): RecordFields {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
}
