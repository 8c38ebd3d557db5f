import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start();
});
afterAll(() => stack.stop());

it('neither keeps nor loses its head over 100,000 events of one call, and serves the others meanwhile', async () => {
  const stormy = newCallUUID();
  const [created] = queueCallEvents(stormy);
  await stack.postEvents(created);
  const tookMs: number[] = [];
  for (let batch = 0; batch < 100; batch += 1) {
    const events = Array.from({ length: 1_000 }, (_, index) => ({
      event: 'EventCallDataChanged',
      time: new Date(Date.UTC(2026, 2, 2) + batch * 1_000 + index).toISOString(),
      callUUID: stormy,
      userData: { n: index },
    }));
    const storm = stack.postEvents(events);
    const startedAtMs = Date.now();
    expect((await stack.postMetadata(mediaFile(newCallUUID()))).status).toBe(200);
    tookMs.push(Date.now() - startedAtMs);
    expect((await storm).data).toMatchObject({ accepted: 1_000 });
  }
  // A loaded machine may be slow now and then; behind the storm every answer would be.
  expect(tookMs.toSorted((a, b) => a - b)[50]).toBeLessThan(5_000);
  await stack.postMetadata(mediaFile(stormy));
  await stack.postEvents(queueCallEvents(stormy).slice(-1));
  const view = await stack.reaches(stormy, 'finished');
  expect(view.flags).toContain('event-cap');
  expect(view.events.length).toBeLessThan(10_200);
  const [sent] = stack.exrp.of(mediaFile(stormy).mediaId);
  expect(sent?.metadata.flags).toContain('event-cap');
});
