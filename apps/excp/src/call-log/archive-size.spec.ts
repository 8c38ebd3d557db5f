import { rememberedPlace, silentLogger, type RedisClient } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { directory, drive } from '../../test/conversations/drive.js';
import { ordinaryInteraction } from '../../test/ordinary-interaction.js';
import { eventField, legField } from '../conversations/journal/journal-text.js';
import type { DeliveryRecord } from '../decision/delivery-record.js';
import { CallLog } from './call-log.js';
import type { LogEntry } from '../interaction/index.js';
import { callLogKeys, dayMs } from './call-log-keys.js';
import { interactionOf, type FieldWrite } from './kept-interaction.js';
import { ArchivePacker } from './packs/archive-packer.js';
import { pinWrite } from './pin-text.js';

/** docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (7) */
const mostBytes = 700;
/** When its day is over. */
const mostPackedBytes = 250;
const interactions = 500;
const atOnce = 20;
/** As many as there are in one `seen` set at the end of a week of 14 calls a second. */
const mediaOfSet = Math.round((7 * 14 * 86_400) / 65_536);

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

/** What GC was told of the call, all of it taken. */
function journalWrites(callUUID: string, entries: readonly LogEntry[]): FieldWrite[] {
  const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  const segments = entries.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment] : []));
  const { journal } = drive(events, {
    segments,
    directory: { ...directory, queueIdOf: () => 'q', userIdOf: () => 'u' },
  });
  if (journal.events.length < 9) throw new Error('that is no ordinary conversation');
  const taken = journal.events.map((event) => eventField({ ...event, state: 'taken' }));
  return [...journal.legs.map(legField), ...taken].map((write) => ({ callUUID, ...write }));
}

async function archiveOne(calls: CallLog): Promise<void> {
  const { callUUID, mediaId, entries } = ordinaryInteraction(Date.now());
  await calls.append(entries);
  const live = await calls.load(callUUID);
  const party = live && interactionOf(live).parties.find(({ partyType }) => partyType === 'agent');
  if (live === undefined || party === undefined) throw new Error('not stored');
  const told = { callUUID, dn: party.dn, ordinal: party.ordinal };
  const pin = { ...told, startMs: party.addedAtMs, rootCallUUID: callUUID };
  const writes = [pinWrite(pin), ...journalWrites(callUUID, entries)];
  if (!(await calls.commit(live, { writes }))) throw new Error('not written');
  const written = await calls.load(callUUID);
  if (written !== undefined) await calls.record(written, mediaId, { ...sent, told });
  const kept = await calls.load(callUUID);
  if (kept === undefined || !(await calls.archive(kept))) throw new Error('not archived');
}

/** Bytes of an interaction in a pack, and of its place in an index that is as full as at the end of a week of 14 calls a second. */
async function packed(redis: RedisClient): Promise<number> {
  const usageOf = async (key: string) =>
    Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
  const packer = new ArchivePacker({
    ...{ redis, prefix: '{exrec}', keepMs: 3 * dayMs, logger: silentLogger },
    now: () => Date.now() + 1.1 * dayMs,
  });
  await packer.run();
  let bytes = 0;
  for (const key of await redis.keys('{exrec}:pack:*')) bytes += await usageOf(key);
  const places = await redis.keys('{exrec}:packed:*');
  let indexed = 0;
  for (const key of places) indexed += await redis.hlen(key);
  for (let count = 0; count < mediaOfSet; count += 1)
    await redis.hset('index', String(2 ** 51 + count * 7), String(10_000 + (count % 40_000)));
  return bytes / indexed + (await usageOf('index')) / mediaOfSet;
}

async function usedBytes(redis: RedisClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

const own = ownRedis();

it('keeps a finished interaction in 700 bytes, everything that Redis needs for it included', async () => {
  const redis = own();
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
    await redis.sadd(seenSet, rememberedPlace(`${count}.opus`).digest);
  }
  const seenBytes =
    Number(await redis.call('MEMORY', 'USAGE', seenSet, 'SAMPLES', '0')) / mediaOfSet;
  const packedBytes = await packed(redis);
  expect(packedBytes).toBeLessThan(mostPackedBytes);
  expect(seenBytes).toBeLessThan(12);
  expect(archiveBytes + seenBytes).toBeLessThan(mostBytes);
  // Shown in the report of the test run.
  process.stdout.write(
    `${Math.round(archiveBytes + seenBytes)} bytes for a finished interaction, ${Math.round(packedBytes)} when its day is over\n`,
  );
});
