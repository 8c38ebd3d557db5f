import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { directory, options } from '../../../test/conversations/drive.js';
import { root, t } from '../../../test/conversations/feed.js';
import { viaQueue } from '../../../test/conversations/scenario.js';
import { CallLog } from '../../call-log/call-log.js';
import { rulesOf } from '../../rules/rules.js';
import { conversationGauges, conversationMetrics } from '../metrics/conversation-metrics.js';
import { ConversationStore } from '../store/conversation-store.js';
import { ClosingSweep } from './closing-sweep.js';
import { Planner } from './planner.js';

const prefix = '{exrec}';
const maxInteractionMs = 12 * 3_600_000;
const rules = rulesOf(
  {
    EXCP_QUEUE_PARAMETER: 'queue',
    STA_DEFAULT_LANGUAGE: undefined,
    STA_USERDATA_LANGUAGE_KEY: undefined,
  },
  undefined,
);

const redis = ownRedis();
let nowMs: number;
let takingForMs: number;

/** A call that rang and was answered, and of which GC was told. */
async function runningCall() {
  nowMs = t(4);
  takingForMs = Infinity;
  const now = () => nowMs;
  const registry = createMetrics('excp');
  const metrics = conversationMetrics(registry);
  const periods = { quietPeriodMs: 30_000, settleMs: 2_000, maxInteractionMs };
  const keepMs = 3 * 86_400_000;
  const callLog = new CallLog({ redis: redis(), prefix, keepMs, now, ...periods, planInMs: 0 });
  const store = new ConversationStore({ redis: redis(), prefix, now });
  const planner = new Planner({
    ...{ callLog, store, metrics, logger: silentLogger, now },
    rules: { current: () => rules },
    directory: () => directory,
    options: () => options,
    gcNowMs: () => undefined,
  });
  const sweep = new ClosingSweep({
    ...{ callLog, store, planner, metrics, logger: silentLogger, now },
    ...{ ...periods, takingForMs: () => takingForMs },
  });
  const gauges = conversationGauges(registry, store, now);
  await callLog.append(viaQueue.map((event) => ({ kind: 'event' as const, event })));
  await planner.plan(root);
  const text = async (name: string) => {
    await gauges.refresh();
    const line = (await registry.registry.metrics())
      .split('\n')
      .find((each) => each.startsWith(name));
    return Number(line?.split(' ').at(-1));
  };
  const ends = async () => {
    const [list = []] = await store.heads([root], 100);
    return list
      .filter(({ kind }) => kind === 'communicationEnded')
      .map(({ json }) => (JSON.parse(json) as { disconnectType: string }).disconnectType);
  };
  return { sweep, text, ends };
}

it('lets a call alone of which something was heard', async () => {
  const { sweep, text, ends } = await runningCall();
  nowMs += maxInteractionMs - 1_000;
  await sweep.sweep();
  expect(await text('exrec_conversations_open')).toBe(1);
  expect(await text('exrec_conversation_legs_swept_total')).toBe(0);
  expect(await ends()).toEqual(['Transfer']);
});

it('ends, once, the legs of a call that has been silent for too long', async () => {
  const { sweep, text, ends } = await runningCall();
  nowMs += maxInteractionMs;
  await sweep.sweep();
  await sweep.sweep();
  expect(await text('exrec_conversations_open')).toBe(0);
  expect(await text('exrec_conversation_legs_swept_total')).toBe(2);
  expect(await ends()).toEqual(['Transfer', 'System', 'System']);
});

it('waits after a break for what was refused in it, however long the call has been silent', async () => {
  const { sweep, ends } = await runningCall();
  nowMs += maxInteractionMs;
  takingForMs = 29_999;
  await sweep.sweep();
  expect(await ends()).toEqual(['Transfer']);
  takingForMs = 30_000;
  await sweep.sweep();
  expect(await ends()).toEqual(['Transfer', 'System', 'System']);
});

it('ends the legs of a call of which nothing is kept any more', async () => {
  const { sweep, text, ends } = await runningCall();
  await redis().del(`${prefix}:call:${root}`);
  await sweep.sweep();
  await sweep.sweep();
  expect(await text('exrec_conversations_open')).toBe(0);
  expect(await text('exrec_conversation_legs_swept_total')).toBe(2);
  expect(await ends()).toEqual(['Transfer', 'System', 'System']);
});
