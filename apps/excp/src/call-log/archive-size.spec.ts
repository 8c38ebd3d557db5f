import {
  connectRedis,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import { startRedis } from '@exrec/testing';
import { ordinaryInteraction } from '../../test/ordinary-interaction.js';
import type { DeliveryRecord } from '../decision/delivery-record.js';
import { CallLog } from './call-log.js';
import { callLogKeys, seenPlace } from './call-log-keys.js';
import { interactionOf } from './kept-interaction.js';
import { pinWrite } from './pin-text.js';

/** docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (7) */
const mostBytes = 700;
const interactions = 1_000;
const atOnce = 20;
/** As many as there are in one `seen` set at the end of a week of 5 calls a second. */
const mediaOfSet = Math.round((7 * 5 * 86_400) / 16_384);

const sent: DeliveryRecord = {
  state: 'dispatched',
  atMs: Date.now(),
  attempts: 1,
  decision: {
    scope: { inScope: true, rule: 'no-sync-scope' },
    gcUserId: null,
    sta: {
      requested: true,
      programId: 'fedcba98-7654-4321-8fed-cba987654321',
      language: 'de-DE',
      queue: { name: 'VQ_Queue7', id: '12345678-90ab-4cde-8f01-23456789abcd' },
      trail: [
        { rule: 'org-transcription-enabled', value: 'EnabledQueueFlow' },
        { rule: 'queue-found-by-name', value: '12345678-90ab-4cde-8f01-23456789abcd' },
        { rule: 'queue-transcription-enabled' },
        { rule: 'mapped-program', value: 'fedcba98-7654-4321-8fed-cba987654321' },
        { rule: 'user-data-language', value: 'de-DE' },
      ],
    },
  },
};

async function archiveOne(calls: CallLog): Promise<void> {
  const { callUUID, mediaId, entries } = ordinaryInteraction(Date.now());
  await calls.append(entries);
  const live = await calls.load(callUUID);
  const party = live && interactionOf(live).parties.find(({ partyType }) => partyType === 'agent');
  if (live === undefined || party === undefined) throw new Error('not stored');
  const told = { callUUID, dn: party.dn, ordinal: party.ordinal };
  const pin = { ...told, startMs: party.addedAtMs, rootCallUUID: callUUID };
  if (!(await calls.commit(live, { writes: [pinWrite(pin)] }))) throw new Error('not written');
  const written = await calls.load(callUUID);
  if (written !== undefined) await calls.note(written, mediaId, { ...sent, told });
  const kept = await calls.load(callUUID);
  if (kept === undefined || !(await calls.archive(kept))) throw new Error('not archived');
}

async function usedBytes(redis: RedisClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

it('keeps a finished interaction in 700 bytes, everything that Redis needs for it included', async () => {
  const server = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const calls = new CallLog({
    ...{ redis, prefix: '{exrec}', keepMs: 3 * 86_400_000, now: Date.now },
    ...{ quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1 },
  });
  const archiveSome = async () => {
    for (let done = 0; done < interactions; done += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => archiveOne(calls)));
    // What is measured apart, below.
    for (const key of await redis.keys(`${callLogKeys('{exrec}').seenStem}*`))
      await redis.unlink(key);
  };
  // The first ones fill the buffers, and the tables of the database to a power of two.
  await archiveSome();
  const before = await usedBytes(redis);
  await archiveSome();
  const archiveBytes = ((await usedBytes(redis)) - before) / interactions;
  // The sets of media files are nearly empty with so few of them: one of them filled as in real life.
  const seenSet = `${callLogKeys('{exrec}').seenStem}full`;
  for (let count = 0; count < mediaOfSet; count += 1) {
    await redis.sadd(seenSet, seenPlace(`${count}.opus`).digest);
  }
  const seenBytes =
    Number(await redis.call('MEMORY', 'USAGE', seenSet, 'SAMPLES', '0')) / mediaOfSet;
  redis.disconnect();
  await server.stop();
  expect(seenBytes).toBeLessThan(10);
  expect(archiveBytes + seenBytes).toBeLessThan(mostBytes);
  // Shown in the report of the test run.
  process.stdout.write(
    `${Math.round(archiveBytes + seenBytes)} bytes for a finished interaction\n`,
  );
}, 300_000);
