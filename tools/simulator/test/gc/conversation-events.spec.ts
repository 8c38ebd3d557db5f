import { randomUUID } from 'node:crypto';
import { sampleIds, startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { call, logIn } from './gc-client.js';
import type { Json } from './sample-recording.js';

let simulator: GcSimulator;
let api: Awaited<ReturnType<typeof logIn>>;
const sourceId = randomUUID();
beforeAll(async () => {
  simulator = await startGcSimulator({ olderKeys: 0 });
  api = await logIn(simulator);
});
beforeEach(async () => {
  await simulator.faults.clear();
  await simulator.faults.order({ target: 'presence', sources: [{ id: sourceId, name: 'Engage' }] });
});
afterAll(() => simulator.stop());

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, second)).toISOString();

/** A call of a customer and an agent, event by event. */
function aCall() {
  const conversationId = randomUUID();
  const [customer, agent] = [randomUUID(), randomUUID()];
  const event = (second: number, communicationId?: string) => ({
    eventId: randomUUID(),
    eventDateTime: at(second),
    conversationId,
    ...(communicationId && { communicationId }),
  });
  const established = (second: number, id: string, initial: object) => ({
    ...event(second, id),
    initialConfiguration: { inbound: true, alerting: false, ...initial },
    sourceConfiguration: { sourceId, interactionId: conversationId, tagId: 'tag' },
  });
  return {
    ...{ conversationId, customer, agent, event },
    external: established(0, customer, {}),
    user: {
      ...established(1, agent, { invitedBy: customer, alerting: true }),
      userId: sampleIds.users.agent7105,
    },
    answered: event(2, agent),
    agentEnded: { ...event(9, agent), disconnectType: 'Peer' },
    customerEnded: { ...event(9, customer), disconnectType: 'Self' },
  };
}

async function inject(batch: object): Promise<Json> {
  return (await api('/api/v2/events/conversations', batch)).json;
}

async function injectOpen(sample = aCall()) {
  const { external, user } = sample;
  const answer = await inject({
    externalEstablishedEvents: [external],
    userEstablishedEvents: [user],
  });
  expect(answer).toEqual({ errors: [] });
  return sample;
}

describe('a conversation', () => {
  it('is complete when all its legs have ended, and is what its readers get', async () => {
    const sample = await injectOpen();
    const { conversationId, agent } = sample;
    expect(simulator.conversation(conversationId)?.missing).toHaveLength(2);
    // The arrays of one request are a set: time decides, not their order.
    await inject({
      communicationEndedEvents: [sample.agentEnded, sample.customerEnded],
      communicationAnsweredEvents: [sample.answered],
    });
    const conversation = simulator.conversation(conversationId);
    expect(conversation).toMatchObject({ isComplete: true, missing: [], refused: [] });
    expect(conversation?.legs.get(agent)).toMatchObject({
      ...{ kind: 'user', alerted: true, answeredAtMs: Date.parse(at(2)) },
      ...{ endedAtMs: Date.parse(at(9)), disconnectType: 'Peer' },
    });
    const { json } = await api(`/api/v2/conversations/${conversationId}`);
    expect(json).toMatchObject({ id: conversationId, externalTag: 'tag', endTime: at(9) });
    expect(json.participants).toMatchObject([{ purpose: 'customer' }, { purpose: 'agent' }]);
    expect(json.participants[1].calls[0]).toMatchObject({ id: agent, peerId: sample.customer });
    const details = await api(`/api/v2/analytics/conversations/${conversationId}/details`);
    const { segments } = details.json.participants[1].sessions[0];
    expect(segments).toMatchObject([{ segmentType: 'alert' }, { segmentType: 'interact' }]);
    expect((await api(`/api/v2/conversations/${randomUUID()}`)).status).toBe(404);
  });

  it('is drawn for a person', async () => {
    const { conversationId } = await injectOpen();
    const { text } = await call(`${simulator.url}/simulator/conversations/${conversationId}`);
    expect(text).toMatch(/^state +not complete: external \S+ has not ended, user /m);
    expect(text).toMatch(/^user +·+ open$/m);
    const { json } = await call(
      `${simulator.url}/simulator/conversations/${conversationId}?format=json`,
    );
    expect(json).toMatchObject({ complete: false, legs: [{ kind: 'external' }, { kind: 'user' }] });
  });
});

describe('events', () => {
  it('count once, and their id stands for one content only', async () => {
    const sample = await injectOpen();
    const before = simulator.eventCounts().duplicates;
    const again = { externalEstablishedEvents: [sample.external] };
    expect(await inject(again)).toEqual({ errors: [] });
    expect(simulator.eventCounts().duplicates).toBe(before + 1);
    const other = { ...sample.external, eventDateTime: at(1) };
    expect((await inject({ externalEstablishedEvents: [other] })).errors).toMatchObject([
      { eventId: other.eventId, message: 'eventId: used before', retryable: false },
    ]);
  });

  type Sample = ReturnType<typeof aCall>;
  it.each<[refusal: RegExp, retryable: boolean, batch: (sample: Sample) => object]>([
    [
      /^communicationId: Invalid UUID/,
      false,
      ({ answered }) => ({
        communicationAnsweredEvents: [
          { ...answered, communicationId: '6d5c4b3a-2f1e-1d0c-8b9a-7f6e5d4c3b2a' },
        ],
      }),
    ],
    [
      /^disconnectType: /,
      false,
      ({ event, agent }) => ({ communicationEndedEvents: [event(5, agent)] }),
    ],
    [
      /^eventDateTime: Invalid ISO/,
      false,
      ({ answered }) => ({
        communicationAnsweredEvents: [{ ...answered, eventDateTime: '2026-03-02T09:00:02' }],
      }),
    ],
    [
      /^userId: no such/,
      false,
      ({ user }) => ({
        userEstablishedEvents: [
          { ...user, eventId: randomUUID(), communicationId: randomUUID(), userId: randomUUID() },
        ],
      }),
    ],
    [
      /sourceId: no such/,
      false,
      ({ external }) => ({
        externalEstablishedEvents: [
          {
            ...external,
            eventId: randomUUID(),
            communicationId: randomUUID(),
            sourceConfiguration: { sourceId: randomUUID(), interactionId: 'x' },
          },
        ],
      }),
    ],
    [
      /^communicationId: already established/,
      false,
      ({ external }) => ({ externalEstablishedEvents: [{ ...external, eventId: randomUUID() }] }),
    ],
    [
      /^communicationId: not established/,
      true,
      ({ answered }) => ({
        communicationAnsweredEvents: [{ ...answered, communicationId: randomUUID() }],
      }),
    ],
    [
      /^communicationId: not alerting/,
      false,
      ({ event, customer }) => ({ communicationAnsweredEvents: [event(3, customer)] }),
    ],
    [
      /^communicationId: has ended/,
      false,
      ({ event, customerEnded, customer }) => ({
        communicationEndedEvents: [customerEnded],
        holdUpdatedEvents: [{ ...event(10, customer), held: true }],
      }),
    ],
    [
      /^eventDateTime: before/,
      false,
      ({ event, agent }) => ({ communicationAnsweredEvents: [event(0, agent)] }),
    ],
    [
      /^eventDateTime: in the future/,
      false,
      ({ answered }) => ({
        communicationAnsweredEvents: [{ ...answered, eventDateTime: '2199-01-01T00:00:00Z' }],
      }),
    ],
    [
      /^initialConfiguration.invitedBy|^invitedBy: not in/,
      false,
      ({ user }) => ({
        userEstablishedEvents: [
          {
            ...user,
            eventId: randomUUID(),
            communicationId: randomUUID(),
            initialConfiguration: { invitedBy: randomUUID() },
          },
        ],
      }),
    ],
    [
      /^commandId: unknown/,
      false,
      ({ event, customer }) => ({
        endTransferEvents: [
          {
            ...event(4),
            commandId: randomUUID(),
            objectCommunicationId: customer,
            finalState: 'Failed',
          },
        ],
      }),
    ],
    [
      /^objectCommunicationId: not in/,
      false,
      ({ event, agent }) => ({
        consultTransferEvents: [
          {
            ...event(4),
            initiatingCommunicationId: agent,
            destinationCommunicationId: agent,
            objectCommunicationId: randomUUID(),
          },
        ],
      }),
    ],
    [
      /^sourceConfiguration: /,
      false,
      ({ external }) => ({
        externalEstablishedEvents: [
          {
            ...external,
            eventId: randomUUID(),
            communicationId: randomUUID(),
            sourceConfiguration: { sourceId, interactionId: 'other' },
          },
        ],
      }),
    ],
  ])('are refused with %s', async (message, retryable, batch) => {
    const sample = await injectOpen();
    const { errors } = await inject(batch(sample));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(message), retryable });
    expect(errors[0]).toHaveProperty('eventId');
  });

  it('of a leg that was refused for good are refused for good', async () => {
    const { user, answered } = aCall();
    const stranger = { ...user, userId: randomUUID(), initialConfiguration: {} };
    await inject({ userEstablishedEvents: [stranger] });
    const { errors } = await inject({ communicationAnsweredEvents: [answered] });
    expect(errors).toMatchObject([
      { message: 'communicationId: not established', retryable: false },
    ]);
  });

  it.each([
    ['an unknown kind', { telepathyEvents: [aCall().answered] }],
    [
      'an unknown property',
      { communicationAnsweredEvents: [{ ...aCall().answered, mood: 'good' }] },
    ],
  ])('with %s are refused as a whole', async (_name, batch) => {
    expect((await api('/api/v2/events/conversations', batch)).status).toBe(400);
  });

  it('meet the errors and limits that were ordered', async () => {
    await simulator.faults.order({
      ...{ target: 'gc.events', maxAgeHours: 1, eventsPerRequest: 1 },
      eventError: { kind: 'externalEstablishedEvents', message: 'busy', retryable: true },
    });
    const { external, user, conversationId } = aCall();
    const first = { externalEstablishedEvents: [external] };
    expect(await inject(first)).toMatchObject({ errors: [{ message: 'busy', retryable: true }] });
    expect(await inject(first)).toMatchObject({ errors: [{ message: 'eventDateTime: too old' }] });
    const both = { ...first, userEstablishedEvents: [user] };
    expect((await api('/api/v2/events/conversations', both)).status).toBe(400);
    await simulator.faults.order({ target: 'gc.events', acceptAll: true, maxAgeHours: 1 });
    expect(await inject(first)).toEqual({ errors: [] });
    expect(simulator.conversation(conversationId)).toMatchObject({ events: [], legs: new Map() });
    await simulator.faults.order({ target: 'gc.events', refuseAfterEnd: true });
    const other = aCall();
    await inject({
      externalEstablishedEvents: [other.external],
      communicationEndedEvents: [other.customerEnded],
    });
    expect(await inject({ userEstablishedEvents: [other.user] })).toMatchObject({
      errors: [{ message: 'conversationId: has ended' }],
    });
  });
});
