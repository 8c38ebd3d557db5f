import { selectKey } from '@exrec/exrp';
import { Failure } from '@exrec/service-kit';
import * as z from 'zod';
import type { GcClient } from './gc-client.js';
import { fine, stops, warning, type Finding } from './finding.js';

const subject = 'key';
const dayMs = 86_400_000;
const soonMs = 30 * dayMs;

const keysSchema = z.looseObject({
  entities: z
    .array(
      z.looseObject({
        id: z.string(),
        createDate: z.string().optional(),
        keydataSummary: z.string().optional(),
      }),
    )
    .default([]),
});

/** Whether there is a recording key that EXRP would seal with, and until when. */
export async function checkKey(client: GcClient, nowMs: number): Promise<Finding[]> {
  const { status, body } = await client.call('GET', '/api/v2/recording/recordingkeys?pageSize=25');
  const reading = keysSchema.safeParse(body);
  if (status !== 200 || !reading.success) return [];
  try {
    const { key, refused } = await selectKey(reading.data.entities, nowMs);
    const { fingerprint, createdAtMs, expiresAtMs } = key;
    const name = `…${fingerprint.slice(-8)} of ${day(createdAtMs)}`;
    const passedOver = refused.map(({ reason }) =>
      warning(subject, `a newer key is passed over: ${reason}`, 'make another in Genesys Cloud'),
    );
    if (expiresAtMs === undefined) return [...passedOver, fine(subject, `${name}, never expires`)];
    const until = `${name}, expires ${day(expiresAtMs)}`;
    return [
      ...passedOver,
      expiresAtMs - nowMs < soonMs
        ? warning(subject, until, 'make a new one in Genesys Cloud before: EXRP takes the newest')
        : fine(subject, until),
    ];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const text =
      error.code === 'no-key'
        ? 'there is no recording key'
        : `none can be used: ${error.detail ?? error.code}`;
    return [stops(subject, text, 'make one in Genesys Cloud: nothing is sealed without it')];
  }
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
