import * as z from 'zod';
import { defaultClient, type GcSimulatorOptions } from '../gc/options.js';
import { keyForms } from '../gc/keys/held-key.js';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const environmentSchema = z.object({
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_URL: z.url().optional(),
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(3690),
  SIMULATOR_CLIENT_ID: z.string().min(1).default(defaultClient.id),
  SIMULATOR_CLIENT_SECRET: z.string().min(1).default(defaultClient.secret),
  SIMULATOR_KEY_FORM: z.enum(keyForms).default('openpgp-armored'),
  SIMULATOR_REQUESTS_PER_MINUTE: z.coerce.number().int().nonnegative().optional(),
  SIMULATOR_VERIFY: flag.default(true),
  SIMULATOR_KEEP_OBJECTS: flag.default(true),
  SIMULATOR_REQUIRE_CONVERSATION: flag.default(false),
  SIMULATOR_DATA_DIR: z.string().min(1).optional(),
});

/**
 * The simulator's options by environment variables, each named `SIMULATOR_...`.
 * @throws ZodError naming the bad ones
 */
export function gcOptionsFromEnv(env: NodeJS.ProcessEnv): GcSimulatorOptions {
  const read = environmentSchema.parse(env);
  return {
    host: read.SIMULATOR_HOST,
    port: read.SIMULATOR_PORT,
    clients: [{ id: read.SIMULATOR_CLIENT_ID, secret: read.SIMULATOR_CLIENT_SECRET }],
    keyForm: read.SIMULATOR_KEY_FORM,
    verify: read.SIMULATOR_VERIFY,
    keepObjects: read.SIMULATOR_KEEP_OBJECTS,
    requireConversation: read.SIMULATOR_REQUIRE_CONVERSATION,
    ...(read.SIMULATOR_REQUESTS_PER_MINUTE !== undefined && {
      requestsPerMinute: read.SIMULATOR_REQUESTS_PER_MINUTE,
    }),
    ...(read.SIMULATOR_URL !== undefined && { url: read.SIMULATOR_URL }),
    ...(read.SIMULATOR_DATA_DIR !== undefined && { dataDir: read.SIMULATOR_DATA_DIR }),
  };
}
