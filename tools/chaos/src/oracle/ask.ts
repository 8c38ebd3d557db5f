import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { secrets } from '../system/settings.js';

const timeoutMs = 20_000;

/** Five minutes at least: a machine may be busy. */
const tries = 300;
const pauseMs = 1_000;

/** The answer to a GET as an admin; undefined: 404. @throws when there is none, however often it is asked */
export async function ask<T extends z.ZodType>(
  url: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  for (let left = tries; ; left -= 1) {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${secrets.adminToken}` },
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer?.status === 404) return undefined;
    if (answer?.ok === true && text !== undefined) return schema.parse(JSON.parse(text));
    // Later is an answer, too.
    const isForNow = answer === undefined || text === undefined || answer.status >= 500;
    if (!isForNow || left === 0)
      throw new Error(`${new URL(url).pathname} answered ${answer?.status ?? 'nothing'}`);
    await sleep(pauseMs);
  }
}
