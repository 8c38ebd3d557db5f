import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import type { JournalEvent } from '../journal/journal.js';
import { conversationMetrics } from '../metrics/conversation-metrics.js';
import { ConversationStore, type Settled } from '../store/conversation-store.js';
import { Sender } from './sender.js';

const nowMs = 1_800_000_000_000;
const ids = ['02A', '02B', '02C'];

const redis = ownRedis();

/** Tells how many conversations were being settled at once. */
class WatchedStore extends ConversationStore {
  #open = 0;
  most = 0;

  override async settle(settled: Settled): Promise<boolean> {
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    try {
      if (settled.conversation === this.refused) throw new Error('Command timed out');
      return await super.settle(settled);
    } finally {
      this.#open -= 1;
    }
  }

  refused: string | undefined;
}

/** Conversations with the end of a leg to be told. */
async function waiting() {
  const store = new WatchedStore({ redis: redis(), prefix: '{exrec}', now: () => nowMs - 1_000 });
  for (const id of ids) {
    const entry: JournalEvent = {
      ...{ conversation: id, index: '1', leg: 1, key: '', atMs: nowMs },
      kind: 'communicationEnded',
      state: 'planned',
    };
    await redis().hset('{exrec}:conversations:open', id, '1');
    await store.closeGone(id, [{ entry, json: JSON.stringify({ eventId: `e-${id}` }) }]);
  }
  const sender = new Sender({
    store,
    gc: { injectConversationEvents: () => Promise.resolve([]) },
    options: () => ({ unknownAgent: 'phone', source: { id: 'ours', isDoubted: false } }),
    maxEvents: 500,
    onSourceRefused: () => undefined,
    metrics: conversationMetrics(createMetrics('excp')),
    logger: silentLogger,
    now: () => nowMs,
  });
  return { store, sender };
}

it('does not wait for Redis once for each conversation of a request', async () => {
  const { store, sender } = await waiting();
  expect(await sender.step()).toBe(true);
  expect(store.most).toBe(ids.length);
  expect(await store.heads(ids, 10)).toEqual([[], [], []]);
});

it('writes of the others what became of them when Redis does not answer about one', async () => {
  const { store, sender } = await waiting();
  store.refused = '02A';
  await expect(sender.step()).rejects.toThrow('Command timed out');
  expect((await store.heads(ids, 10)).map((list) => list.length)).toEqual([1, 0, 0]);
});
