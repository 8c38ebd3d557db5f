import { startRedis, type RedisServer } from '@exrec/testing';
import type { BenchContext } from '../bench.js';
import { startGenesysCloud, type GenesysCloud } from './genesys-cloud.js';
import { startProgram, type Program } from './program.js';

export type Collector = { readonly program: Program; readonly redis: RedisServer };

export const eventsToken = 'bench-events-token';
export const mcpCredentials = { username: 'mcp', password: 'mcp-secret' } as const;

/**
 * EXCP that only collects, with a Redis of its own: what it has is not injected, since nobody answers at `EXRP_URL`, and
 * conversations, which the baseline has nothing like, are a bench of their own.
 */
export async function startExcp(context: BenchContext): Promise<Collector> {
  const redis = await startBenchRedis(context);
  const gc = await startGenesysCloud(context);
  const surroundings = { redisUrl: redis.url, gc };
  return {
    program: await startExcpProgram(context, surroundings, { EXCP_CONVERSATIONS: 'off' }),
    redis,
  };
}

export type ExcpSurroundings = { readonly redisUrl: string; readonly gc: GenesysCloud };

/** One EXCP with its usual settings, but for where everything is. */
export function startExcpProgram(
  context: BenchContext,
  { redisUrl, gc }: ExcpSurroundings,
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> {
  return startProgram(context, {
    bundle: 'apps/excp',
    env: (port) => ({
      EXCP_HOST: '127.0.0.1',
      EXCP_PORT: `${port}`,
      REDIS_URL: redisUrl,
      GC_API_URL: gc.program.url,
      GC_LOGIN_URL: gc.program.url,
      GC_CLIENT_ID: gc.clientId,
      GC_CLIENT_SECRET: gc.clientSecret,
      EXCP_MCP_USERNAME: mcpCredentials.username,
      EXCP_MCP_PASSWORD: mcpCredentials.password,
      EXCP_EVENTS_TOKEN: eventsToken,
      // The ends come after the measurement: they are work of another kind.
      EXCP_QUIET_PERIOD_SECONDS: '3600',
      EXRP_URL: 'http://127.0.0.1:9',
      ...settings,
    }),
    readyPath: '/health/ready',
  });
}

/** The baseline: this program itself in another role. */
export async function startHsetCollector(context: BenchContext): Promise<Collector> {
  const redis = await startBenchRedis(context);
  const program = await startProgram(context, {
    bundle: 'tools/bench',
    args: ['--as-hset-collector'],
    env: (port) => ({ COLLECTOR_PORT: `${port}`, REDIS_URL: redis.url, NODE_ENV: 'production' }),
    readyPath: '/health/live',
  });
  return { program, redis };
}

export async function startBenchRedis(context: BenchContext): Promise<RedisServer> {
  const redis = await startRedis(['--appendfsync', 'everysec']);
  context.cleanUp(() => redis.stop());
  return redis;
}
