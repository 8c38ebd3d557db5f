import { ownRedis } from '@exrec/service-kit/testing';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { newCallUUID } from '../../test/sample-call.js';
import { CallLog } from './call-log.js';
import { InteractionList } from './interaction-list.js';

const dayMs = 86_400_000;
const redis = ownRedis();

describe('InteractionList', () => {
  it('steps through live and finished interactions, each once', async () => {
    const place = { redis: redis(), prefix: '{exrec}', keepMs: 3 * dayMs, now: Date.now };
    const periods = { quietPeriodMs: 30_000, settleMs: 2_000, maxInteractionMs: dayMs / 2 };
    const calls = new CallLog({ ...place, ...periods });
    const ids = Array.from({ length: 30 }, newCallUUID);
    for (const [index, callUUID] of ids.entries()) {
      await calls.append([segmentOf(callUUID)]);
      if (index % 2 === 0) await calls.archive(await loaded(calls, callUUID));
    }
    const list = new InteractionList(place);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const step: Awaited<ReturnType<InteractionList['step']>> = await list.step(
        cursor ?? undefined,
        4,
      );
      seen.push(...step.callUUIDs);
      cursor = step.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});
