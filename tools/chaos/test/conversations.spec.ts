import { runConversations } from '../src/conversations/conversations-run.js';
import { eventsOfACall } from '../src/conversations/queue-call.js';

it('tells all of calls in order, once, by two EXCPs with the whole feed each, through an outage of Genesys Cloud', async () => {
  const result = await runConversations({
    perSecond: 2,
    seconds: 24,
    awaySeconds: 12,
    requestsPerMinute: 6_000,
    patienceSeconds: 120,
  });
  const { calls } = result;
  expect(calls).toBeGreaterThan(10);
  expect(result).toMatchObject({
    ...{ complete: calls, uploads: calls, taken: calls * eventsOfACall },
    ...{ refused: 0, outOfOrder: 0, limited: 0 },
  });
});
