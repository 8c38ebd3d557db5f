import * as z from 'zod';
import { eventRulesSchema } from '../events/event-rules.js';
import { httpFaultSchema, type HttpFaultOrder } from '../faults/fault.js';
import { keyActions } from '../keys/recording-keys.js';
import { reportStyleSchema } from '../reports/report-text.js';
import { uploadStatusSchema } from '../reports/upload-status.js';

/** Misbehaviour that is not about one HTTP answer. */
const stateOrderSchema = z.discriminatedUnion('target', [
  z.strictObject({ target: z.literal('keys'), action: z.enum(keyActions) }),
  z.strictObject({
    target: z.literal('report'),
    recordingId: z.string().min(1),
    uploadStatus: uploadStatusSchema,
    code: z.string().default(''),
    message: z.string().default(''),
  }),
  z.strictObject({ target: z.literal('report-style'), ...reportStyleSchema.shape }),
  /** Takes permissions from the client's roles. */
  z.strictObject({ target: z.literal('permissions'), denied: z.array(z.string()) }),
  /** Makes all tokens given so far worthless. */
  z.strictObject({ target: z.literal('tokens'), action: z.literal('revoke') }),
  z.strictObject({ target: z.literal('clock'), offsetMs: z.int() }),
  /** How events are treated from now on. */
  z.strictObject({ target: z.literal('gc.events'), ...eventRulesSchema.shape }),
  /** The presence sources there are, and whether a second active one is a 409. */
  z.strictObject({
    target: z.literal('presence'),
    onePerOrganization: z.boolean().default(true),
    sources: z
      .array(
        z.strictObject({
          id: z.uuidv4(),
          name: z.string().min(1),
          type: z.enum(['System', 'User']).default('User'),
          deactivated: z.boolean().default(false),
        }),
      )
      .optional(),
  }),
  /** Recordings without a conversation are orphans after so long; null: never. */
  z.strictObject({ target: z.literal('orphans'), afterMs: z.int().nonnegative().nullable() }),
  z.strictObject({ target: z.literal('rate-limit'), requestsPerMinute: z.int().nonnegative() }),
]);

export const orderSchema = z.union([stateOrderSchema, httpFaultSchema]);

export type Order = z.output<typeof orderSchema>;
export type StateOrder = z.output<typeof stateOrderSchema>;

/** What `POST /simulator/faults` takes. */
export type FaultOrder = z.input<typeof stateOrderSchema> | HttpFaultOrder;

export function isStateOrder(order: Order): order is StateOrder {
  return !('kind' in order);
}
