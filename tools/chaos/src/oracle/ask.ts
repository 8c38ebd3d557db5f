import type * as z from 'zod';
import { secrets } from '../system/settings.js';

const timeoutMs = 20_000;

/** The answer to a GET as an admin; undefined: 404. @throws for any other answer */
export async function ask<T extends z.ZodType>(
  url: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${secrets.adminToken}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (answer.status === 404) {
    await answer.arrayBuffer();
    return undefined;
  }
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
  return schema.parse(await answer.json());
}
