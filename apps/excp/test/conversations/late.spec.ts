import type { CallEvent } from '../../src/interaction/index.js';
import { Driver } from './drive.js';
import { consult, dnA, dnB, root, t } from './feed.js';
import { arrives, k, over, r, toldViaQueue, viaQueue } from './scenario.js';
import { told } from './told.js';

/** Rows of docs/design/CONVERSATIONS.md#42-rules-gc-takes-nothing-back: GC takes nothing back. */

const minuteMs = 60_000;

/** What GC is told of what is known first, and then of what is learnt a minute later. */
function late(first: readonly CallEvent[], ...later: readonly CallEvent[]) {
  const driver = new Driver();
  const take = (events: readonly CallEvent[]) =>
    driver.take(...events.map((event) => ({ kind: 'event' as const, event })));
  take(first);
  const nowMs = Math.max(...first.map(({ timeMs }) => timeMs)) + minuteMs;
  const isOver = first.some(({ event }) => event === 'EventCallDeleted');
  driver.check(nowMs, nowMs - minuteMs, isOver);
  const before = driver.journal;
  const count = driver.events.length;
  take(later);
  driver.check(nowMs + minuteMs, nowMs, isOver);
  driver.check(nowMs + 2 * minuteMs, nowMs, isOver);
  // What was told stays as it was told.
  expect(driver.journal.events.slice(0, count)).toEqual(before.events);
  expect(driver.journal.legs.slice(0, before.legs.length)).toEqual(before.legs);
  return {
    first: told(driver.events.slice(0, count)),
    then: told(driver.events.slice(count)),
    gaps: driver.plan?.gaps ?? [],
    driver,
  };
}

it('1: another time for what was told changes nothing, and counts if it is more than a second off', () => {
  const near = late(viaQueue, { ...r.ringing(1.95, dnA), eventId: 'again' });
  expect(near.then).toEqual([]);
  expect(near.driver.plan?.mistimed).toEqual([]);
  const far = late(viaQueue, { ...r.ringing(1.8, dnA), eventId: 'again' });
  expect(far.then).toEqual([]);
  expect(far.driver.plan?.mistimed).toHaveLength(1);
});

it('2: a leg of a conversation that goes on is told with its true time', () => {
  const { first, then } = late(viaQueue, r.ringing(2.5, dnB));
  expect(first).toEqual(toldViaQueue);
  expect(then).toEqual(['t2.5 user B alerting ~E rec']);
});

it('3: a hold of a leg that has ended is left out', () => {
  const ended = [...viaQueue, ...over(9, dnA)];
  expect(late(ended, r.held(5, dnA), r.answered(6, dnA)).then).toEqual([]);
});

it("4: a queue that is learnt of after the agent's leg is a gap", () => {
  const direct = [...arrives, r.ringing(2, dnA), r.answered(3, dnA)];
  const { then, gaps } = late(
    direct,
    r.queued(1, 'VQ_TechSupport'),
    r.diverted(2, 'VQ_TechSupport', dnA),
  );
  expect(then).toEqual([]);
  expect(gaps).toContainEqual({ kind: 'queue', name: 'VQ_TechSupport' });
});

it('5: an agent whose login comes after the leg stays a phone', () => {
  const { agentId: _login, ...nameless } = r.ringing(1, dnA);
  const { first, then } = late([...arrives, nameless], r.answered(2, dnA));
  expect(first).toEqual(['t0 ext E', 't1 phone A alerting ~E rec']);
  expect(then).toEqual(['t2 answered A']);
});

it('6: a number that is learnt late is not told again', () => {
  const { driver, then } = late(
    [r.created(0, 'Inbound', { ani: undefined, dnis: undefined }), ...arrives.slice(1)],
    { ...r.created(0, 'Inbound'), eventId: 'with-numbers' },
  );
  expect(then).toEqual([]);
  expect(driver.events.map(({ json }) => json).join()).not.toContain('8005550100');
});

it('7: an earlier presence of the same DN gets the next free number', () => {
  const second = [...arrives, r.ringing(5, dnA), r.answered(6, dnA)];
  const { then } = late(second, r.ringing(1, dnA), r.left(2, dnA));
  expect(then).toEqual(['t1 user A2 alerting ~E rec', 't2 ended A2 System']);
});

it('8: a leg of a conversation that is over is told only for a recording', () => {
  const ended = [...viaQueue, ...over(9, dnA)];
  expect(late(ended, r.ringing(4, dnB), r.left(5, dnB)).then).toEqual([]);
});

it('9: a parent that comes after the consult had a conversation of its own leaves two', () => {
  const alone = [k.created(5, 'Consult'), k.joined(5, dnA), k.ringing(6, dnB)];
  const { driver } = late(
    alone,
    ...viaQueue,
    { ...k.created(5, 'Consult', { parentCallUUID: root }), eventId: 'linked' },
    k.answered(7, dnB),
  );
  const conversations = driver.journal.legs.map(({ conversation, callUUID, place }) => {
    return [conversation === callUUID, callUUID === consult, place];
  });
  expect(conversations.filter(([, isConsult]) => isConsult)).toEqual([
    [true, true, dnA],
    [true, true, dnB],
  ]);
  expect(new Set(driver.journal.legs.map(({ conversation }) => conversation)).size).toBe(2);
});

it('an interaction of which nothing more is heard ends with the last thing heard', () => {
  const driver = new Driver();
  driver.take(...viaQueue.map((event) => ({ kind: 'event' as const, event })));
  driver.check(t(4));
  driver.check(t(4) + 12 * 3_600_000, t(4), true);
  expect(told(driver.events).slice(-2)).toEqual(['t3 ended E System', 't3 ended A System']);
});
