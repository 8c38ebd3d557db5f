import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

/** One interaction as large as a feed can make it. */
const linkedCalls = 100;
const eventsOfEach = 500;
/** A request takes so many at most. */
const batchSize = 5_000;

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start();
});
afterAll(() => stack.stop());

async function post(events: readonly object[]): Promise<void> {
  for (let at = 0; at < events.length; at += batchSize) {
    const { status } = await stack.postEvents(events.slice(at, at + batchSize));
    expect(status).toBe(202);
  }
}

it('ends all other calls while one of 100 linked calls and 50,000 events ends, and that one, too', async () => {
  const huge = Array.from({ length: linkedCalls }, newCallUUID);
  const [root = ''] = huge;
  const startMs = Date.UTC(2026, 2, 2, 9);
  const time = (n: number) => new Date(startMs + n).toISOString();
  const created = huge.map((callUUID, n) => ({
    ...{ event: 'EventCallCreated', time: time(n), callUUID },
    ...(n === 0 ? { callType: 'Inbound' } : { callType: 'Consult', parentCallUUID: root }),
  }));
  const changes = huge.flatMap((callUUID, call) =>
    Array.from({ length: eventsOfEach }, (_, n) => ({
      ...{ event: 'EventCallDataChanged', callUUID, userData: { record: 'x'.repeat(200), n } },
      time: time(1_000 + n * linkedCalls + call),
    })),
  );
  const over = huge.map((callUUID) => ({
    ...{ event: 'EventCallDeleted', callUUID, time: time(3_600_000) },
  }));
  await post(created);
  await stack.postMetadata(mediaFile(root));
  await post(changes);
  const others = Array.from({ length: 20 }, newCallUUID);
  await stack.postMetadata(others.map((id) => mediaFile(id)));
  await post(over);
  await post(others.flatMap((id) => queueCallEvents(id)));
  for (const id of others) expect((await stack.reaches(id, 'finished')).segments).toHaveLength(1);
  const view = await stack.reaches(root, 'finished');
  expect(view.calls).toHaveLength(linkedCalls);
  expect(stack.exrp.of(mediaFile(root).mediaId)).toHaveLength(1);
});
