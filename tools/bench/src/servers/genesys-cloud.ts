import * as z from 'zod';
import type { BenchContext } from '../bench.js';
import { startProgram, type Program } from './program.js';

const client = { id: '00000000-0000-4000-8000-00000000be9c', secret: 'bench-client-secret' };

export type GenesysCloud = {
  readonly program: Program;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** Genesys Cloud and S3 played by the simulator in a process of its own, which checks MD5 and signatures and keeps nothing. */
export async function startGenesysCloud(context: BenchContext): Promise<GenesysCloud> {
  const program = await startProgram(context, {
    bundle: 'tools/simulator',
    env: (port) => ({
      SIMULATOR_PORT: `${port}`,
      SIMULATOR_CLIENT_ID: client.id,
      SIMULATOR_CLIENT_SECRET: client.secret,
      SIMULATOR_VERIFY: 'false',
      SIMULATOR_KEEP_OBJECTS: 'false',
    }),
    readyPath: '/simulator/requests',
  });
  return { program, clientId: client.id, clientSecret: client.secret };
}

const token = z.object({ access_token: z.string() });
const keys = z.object({ entities: z.array(z.object({ keydataSummary: z.string() })) });

/** What a script needs before it starts: a token, and the key as GC publishes it. */
export async function tokenAndKey({ program, clientId, clientSecret }: GenesysCloud) {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const granted = await fetch(`${program.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: accessToken } = token.parse(await granted.json());
  const listed = await fetch(`${program.url}/api/v2/recording/recordingkeys`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const [newest] = keys.parse(await listed.json()).entities;
  if (newest === undefined) throw new Error('the simulator has no key');
  return { accessToken, armoredKey: newest.keydataSummary };
}
