import { loaded, segmentOf } from '../../test/kept-calls.js';
import { ownCallLog } from '../../test/own-call-log.js';
import { newCallUUID } from '../../test/sample-call.js';
import { InteractionList } from './interaction-list.js';

const { place, callLog } = ownCallLog();

describe('InteractionList', () => {
  it('steps through live and finished interactions, each once', async () => {
    const calls = callLog();
    const ids = Array.from({ length: 30 }, newCallUUID);
    for (const [index, callUUID] of ids.entries()) {
      await calls.append([segmentOf(callUUID)]);
      if (index % 2 === 0) await calls.archive(await loaded(calls, callUUID));
    }
    const list = new InteractionList(place());
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
