import fc from 'fast-check';
import { sql } from 'kysely';
import { recordingIdOf } from '@exrec/gc-metadata';
import { agentsByDay } from '../src/database/agents-by-day.js';
import { foundByOfRow } from '../src/database/found-by.js';
import type { Entry } from '../src/rows/entry.js';
import { eraseInteraction } from '../src/rows/erasure.js';
import { writeEntries } from '../src/rows/row-writer.js';
import { summaryKinds, tallies } from '../src/search/summary.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';
import {
  callOf,
  injectionEntry,
  interactionEntry,
  mediaOf,
  numbers,
  segmentEntry,
  startMs,
} from './sample-entries.js';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await startLedgerDatabase();
});
afterAll(() => ledger.stop());

const day = 24 * 3_600_000;
const metadata = JSON.stringify({
  schemaVersion: 1,
  recordingId: recordingIdOf(mediaOf(1)),
  conversationId: '11111111-1111-4111-8111-111111111111',
  communicationId: '22222222-2222-4222-8222-222222222222',
  interactionId: callOf(1),
  mediaType: 'call',
  direction: 'inbound',
  startTime: '2026-02-27T23:59:59.000Z',
  endTime: '2026-03-01T00:03:00.000Z',
  durationMs: 180_000,
  ani: '+491715550110',
  dnis: '8005550199',
  recordedParty: 'agent',
  agent: { id: 'agent7101', dn: '7101', userId: null },
  queue: { name: 'VQ_Sales', id: null },
  speechAndTextAnalytics: { requested: false, reason: 'no-program' },
  annotations: [],
});

/** What EXCP and EXRP tell of three recordings, among them a month's change and a requeue. */
function history(): Entry[] {
  const at = startMs + day;
  return [
    ...runningCalls(at),
    segmentEntry(0, at + 1, { scope: undefined, sta: undefined, dispatch: undefined }),
    segmentEntry(0, at + 2),
    injectionEntry(0, at + 3, {
      state: 'queued',
      facts: {},
      history: [],
      confirmedAtMs: undefined,
    }),
    injectionEntry(0, at + 4, { state: 'failed', cause: 'gc-rejected', confirmedAtMs: undefined }),
    injectionEntry(0, at + 5, {
      state: 'queued',
      cause: undefined,
      requeues: [{ atMs: at, by: 'night desk', why: 'mended' }],
    }),
    injectionEntry(0, at + day),
    interactionEntry(0, at + 6),
    injectionEntry(1, at + 7, { state: 'queued', metadata, facts: {} }),
    injectionEntry(1, at + 8, { state: 'waiting', cause: 'audio-missing' }),
    segmentEntry(2, at + 9, {
      scope: { inScope: false },
      dispatch: { state: 'out-of-scope', atMs: at },
    }),
    injectionEntry(1, at + 10, { metadata }),
    segmentEntry(1, at + 11, {
      startMs: Date.parse('2026-03-01T00:00:01.000Z'),
      conversationId: undefined,
    }),
  ];
}

/** A call from the first that is heard of it, with a conversation that has a gap; one that was another one's consult call. */
function runningCalls(at: number): Entry[] {
  const bare = { agents: [], dns: [], queues: [], segments: 0 };
  const running = { state: 'open', endMs: undefined, endedBy: undefined } as const;
  const seen = { ...running, ...bare, conversationState: undefined };
  const gap = { conversationState: 'gap', flags: ['conversation-gap'] };
  return [
    interactionEntry(0, at - 30, seen),
    interactionEntry(0, at - 20, { ...running, conversationState: 'open' }),
    interactionEntry(0, at, { ...running, ...gap }),
    interactionEntry(3, at - 30, seen),
    interactionEntry(3, at - 20, { ...bare, callUUIDs: [], state: 'joined', startMs: at }),
    interactionEntry(4, at - 10, { ...seen, startMs: Date.parse('2026-02-28T23:59:59.000Z') }),
    interactionEntry(4, at, { ...running, startMs: Date.parse('2026-03-01T00:00:01.000Z') }),
  ];
}

/** Everything that was made of the entries. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ all: unknown }>`SELECT jsonb_build_object(
    'recordings', (SELECT jsonb_agg(r ORDER BY recording_id) FROM recordings r),
    'interactions', (SELECT jsonb_agg(r ORDER BY interaction_id) FROM interactions r),
    'tallies', (SELECT jsonb_agg(t ORDER BY dimension, hour, value, state, cause) FROM tallies t WHERE recordings <> 0),
    'proof', (SELECT jsonb_agg(p ORDER BY day, recording_id) FROM proof_entries p)) AS all`.execute(
    ledger.db,
  );
  return JSON.stringify(rows[0]?.all, undefined, 1);
}

describe('writeEntries', () => {
  it('ends with the same rows whatever the order, the repetition and the cut of the stream', async () => {
    await ledger.empty();
    for (const entry of history()) await writeEntries(ledger.db, [entry], numbers);
    const expected = await everything();
    expect(expected).toContain('Tech quality');
    expect(expected.match(/"state": "(open|joined)"/g)?.toSorted()).toEqual([
      '"state": "joined"',
      '"state": "open"',
    ]);
    const entries = history();
    const order = fc.shuffledSubarray(entries, { minLength: entries.length });
    const repeats = fc.subarray(entries);
    const batches = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(order, repeats, batches, async (shuffled, again, size) => {
        await ledger.empty();
        const fed = [...shuffled, ...again];
        for (let i = 0; i < fed.length; i += size)
          await writeEntries(ledger.db, fed.slice(i, i + size), numbers);
        expect(await everything()).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('counts in the tallies what is in the rows', async () => {
    await ledger.empty();
    await writeEntries(ledger.db, history(), numbers);
    const { rows } = await sql`
      SELECT coalesce(agent, '') AS value, state, count(*)::int AS recordings, sum(duration_ms)::int AS ms
      FROM recordings GROUP BY 1, 2
      EXCEPT SELECT value, state, sum(recordings)::int, sum(duration_ms)::int
      FROM tallies WHERE dimension = 'agent' GROUP BY 1, 2`.execute(ledger.db);
    expect(rows).toEqual([]);
  });
});

describe('the counts by agent', () => {
  const counts = async () => {
    const { rows } =
      await sql`SELECT * FROM tallies WHERE recordings <> 0 ORDER BY dimension, hour, value, state`.execute(
        ledger.db,
      );
    return rows;
  };

  it('are by day, also those that the release before kept by hour', async () => {
    await ledger.empty();
    await writeEntries(ledger.db, history(), numbers);
    const expected = await counts();
    await sql`DELETE FROM tallies WHERE dimension = 'agent'`.execute(ledger.db);
    await sql`INSERT INTO tallies SELECT 'agent', date_trunc('hour', start_time), coalesce(agent, ''), state, '',
      count(*), coalesce(sum(duration_ms), 0) FROM recordings GROUP BY 2, 3, 4`.execute(ledger.db);
    expect(await counts()).not.toEqual(expected);
    await agentsByDay.up(ledger.db);
    expect(await counts()).toEqual(expected);
  });

  it('are the same as those of the rows, wherever a span begins and ends', async () => {
    await ledger.empty();
    await writeEntries(ledger.db, history(), numbers);
    const { rows: all } = await sql<{ start_time: Date; agent: string | null }>`
      SELECT start_time, agent FROM recordings`.execute(ledger.db);
    const anyTime = fc.integer({ min: -2 * 86_400_000, max: 4 * 86_400_000 });
    await fc.assert(
      fc.asyncProperty(
        anyTime,
        anyTime,
        fc.constantFrom(...summaryKinds),
        async (one, other, by) => {
          const [fromMs, toMs] = [startMs + Math.min(one, other), startMs + Math.max(one, other)];
          const found = await tallies(ledger.db, { fromMs, toMs }, by);
          const times = all.map(({ start_time }) => start_time.getTime());
          const expected = times.filter((ms) => ms >= fromMs && ms < toMs).length;
          expect(found.reduce((sum, { recordings }) => sum + recordings, 0)).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what an interaction is found by', () => {
  const foundBy = async (index: number): Promise<string[]> => {
    const { found_by } = await ledger.db
      .selectFrom('interactions')
      .select('found_by')
      .where('interaction_id', '=', callOf(index))
      .executeTakeFirstOrThrow();
    return found_by;
  };

  it('is what the schema makes of rows that were there before', async () => {
    await ledger.empty();
    await writeEntries(ledger.db, history(), numbers);
    const { rows } = await sql`SELECT interaction_id, found_by, ${sql.raw(foundByOfRow)} AS made
      FROM interactions i WHERE found_by <> ${sql.raw(foundByOfRow)}`.execute(ledger.db);
    expect(rows).toEqual([]);
  });

  it('is what its recordings have, too, as they have it now', async () => {
    await ledger.empty();
    const bare = interactionEntry(5, startMs, { agents: [], dns: [], queues: [], ani: undefined });
    await writeEntries(ledger.db, [bare], numbers);
    expect(await foundBy(5)).not.toContain('queue:VQ_Sales');
    await writeEntries(ledger.db, [segmentEntry(5, startMs)], numbers);
    expect(await foundBy(5)).toEqual(
      expect.arrayContaining(['agent:agent7105', 'dn:7105', 'queue:VQ_Sales', 'last4:0110', 'scope:in', 'state:collected']), // prettier-ignore
    );
    await writeEntries(ledger.db, [injectionEntry(5, startMs + 1)], numbers);
    expect(await foundBy(5)).toContain('state:confirmed');
    expect(await foundBy(5)).not.toContain('state:collected');
  });

  it('is no agent and no number after an erasure, also when something is told later', async () => {
    await ledger.empty();
    await writeEntries(
      ledger.db,
      [interactionEntry(5, startMs), segmentEntry(5, startMs)],
      numbers,
    );
    await eraseInteraction(ledger.db, callOf(5), { who: 'a', role: 'admin', why: 'asked for' });
    const late = [interactionEntry, segmentEntry, injectionEntry].map((entryOf) =>
      entryOf(5, startMs + 1),
    );
    for (const entries of [[], late]) {
      await writeEntries(ledger.db, entries, numbers);
      const kinds = (await foundBy(5)).map((term) => term.slice(0, term.indexOf(':')));
      expect(kinds).toContain('queue');
      for (const kind of ['agent', 'dn', 'number', 'last4']) expect(kinds).not.toContain(kind);
    }
  });
});
