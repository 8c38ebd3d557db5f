import { Redis } from 'ioredis';
import * as z from 'zod';
import type { System } from '../system/system.js';
import { ask } from './ask.js';
import type { PlayedRecording } from './look.js';
import { recordingIdOf } from '@exrec/gc-metadata';

/** What everybody has about one recording, and where its jobs are, for whoever looks for the reason. */
export async function evidenceOf({ call, played }: PlayedRecording, system: System) {
  const { urls, redis } = system;
  const recordingId = recordingIdOf(played.mediaId);
  const client = new Redis((await redis.master()).port, '127.0.0.1');
  try {
    const said = (url: string) => ask(url, z.unknown()).catch(String);
    return {
      ...{ recordingId, call: call.name, callUUID: call.callUUID, mediaId: played.mediaId },
      calls: call.compiled.calls.map(({ callUUID }) => callUUID),
      excp: await said(`${urls.excp}/api/v1/interactions/${call.callUUID}`),
      exrp: await said(`${urls.exrp}/api/v1/injections/${recordingId}`),
      ledger: await said(`${urls.ledger}/api/v1/recordings/${recordingId}`),
      jobs: {
        dispatch: await jobOf(client, 'dispatch', recordingId),
        injections: await jobOf(client, 'injections', recordingId),
      },
    };
  } finally {
    client.disconnect();
  }
}

async function jobOf(client: Redis, queue: string, id: string) {
  const stem = `{exrec}:${queue}`;
  return {
    job: await client.hgetall(`${stem}:${id}`),
    lock: await client.get(`${stem}:${id}:lock`),
    waiting: await client.lpos(`${stem}:wait`, id),
    active: await client.lpos(`${stem}:active`, id),
    prioritized: await client.zscore(`${stem}:prioritized`, id),
    delayed: await client.zscore(`${stem}:delayed`, id),
    failed: await client.zscore(`${stem}:failed`, id),
  };
}
