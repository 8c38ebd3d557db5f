import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { GcCredentials } from '../oauth/oauth-client.js';

export type GcClientSettings = {
  readonly GC_CLIENT_ID: string | undefined;
  readonly GC_CLIENT_SECRET: string | undefined;
  readonly GC_CLIENTS_FILE: string | undefined;
};

const fileSchema = z
  .array(z.strictObject({ client_id: z.string().min(1), client_secret: z.string().min(1) }))
  .min(1);

/**
 * The OAuth clients: those of `GC_CLIENTS_FILE`, else the one of `GC_CLIENT_ID`.
 * @param presentSecret what `GC_CLIENT_SECRET` is whenever it is needed; it may change
 * @throws Error naming the setting and never a value
 */
export function gcClients(
  settings: GcClientSettings,
  presentSecret: () => string | undefined = () => undefined,
): readonly GcCredentials[] {
  const {
    GC_CLIENT_ID: clientId,
    GC_CLIENT_SECRET: clientSecret,
    GC_CLIENTS_FILE: file,
  } = settings;
  if (file !== undefined) return readClientsFile(file);
  if (clientId === undefined || clientSecret === undefined) {
    throw new Error('GC_CLIENT_ID and GC_CLIENT_SECRET are needed');
  }
  return [
    {
      clientId,
      get clientSecret() {
        return presentSecret() ?? clientSecret;
      },
    },
  ];
}

function readClientsFile(file: string): readonly GcCredentials[] {
  const clients = fileSchema.safeParse(parseYaml(file)).data;
  if (clients === undefined) {
    throw new Error('GC_CLIENTS_FILE is not a YAML list of {client_id, client_secret}');
  }
  const ids = new Set(clients.map(({ client_id: id }) => id));
  if (ids.size < clients.length) throw new Error('GC_CLIENTS_FILE names a client twice');
  return clients.map((client) => ({
    clientId: client.client_id,
    clientSecret: client.client_secret,
  }));
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's message quotes the line, which may hold a secret.
    throw new Error('GC_CLIENTS_FILE cannot be read as YAML');
  }
}
