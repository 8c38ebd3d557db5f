import express from 'express';
import { Redis } from 'ioredis';
import * as z from 'zod';

const environment = z.object({ COLLECTOR_PORT: z.coerce.number(), REDIS_URL: z.string() });

/**
 * The least honest server that could take MCP's metadata and call events: Express parses the JSON, each item is HSET
 * under a running number. It looks at nothing, forgets nothing and would take the same item twice.
 */
export function runHsetCollector(env: NodeJS.ProcessEnv): void {
  const { COLLECTOR_PORT: port, REDIS_URL: url } = environment.parse(env);
  const redis = new Redis(url, { enableAutoPipelining: true });
  const app = express();
  let stored = 0;
  app.use(express.json({ limit: '5mb' }));
  app.get('/health/live', (_request, response) => {
    response.json({});
  });
  app.post('/{*any}', async (request, response) => {
    const body: unknown = request.body;
    const items: readonly unknown[] = Array.isArray(body) ? body : [body];
    await Promise.all(
      items.map((item) => redis.hset(`bench:${stored++}`, 'item', JSON.stringify(item))),
    );
    response.json({ stored: items.length });
  });
  app.listen(port, '127.0.0.1');
}
