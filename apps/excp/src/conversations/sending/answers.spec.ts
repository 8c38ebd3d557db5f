import type { EventKind } from '../journal/event-kind.js';
import { outcomeOf } from './answers.js';
import type { Outgoing } from '../store/outgoing.js';

const options = {
  unknownAgent: 'phone',
  source: { id: 'ours', isDoubted: false },
} as const;

const outgoing = (
  index: number,
  kind: EventKind,
  event: Readonly<Record<string, unknown>>,
): Outgoing => ({
  ...{ index: `${index}`, leg: index, kind, key: '', atMs: 1_000 + index },
  json: JSON.stringify({ eventId: `e${index}`, conversationId: 'c', ...event }),
});
const customer = outgoing(0, 'externalEstablished', {
  communicationId: 'E',
  initialConfiguration: {},
});
const agent = outgoing(1, 'userEstablished', {
  communicationId: 'A',
  userId: 'gone',
  initialConfiguration: { invitedBy: 'E', additionalInfo: { dn: '7105' } },
});
const answered = outgoing(2, 'communicationAnswered', { communicationId: 'A' });
const ended = outgoing(3, 'communicationEnded', { communicationId: 'A' });
const read = [customer, agent, answered, ended];

const answer = (
  errors: Readonly<Record<string, { message?: string; retryable?: boolean }>>,
  count = read.length,
) => {
  const byId = new Map(
    Object.entries(errors).map(([eventId, { message = 'no', retryable = false }]) => {
      return [eventId, { eventId, message, retryable }];
    }),
  );
  return outcomeOf({ conversation: 'c', read, count }, byId, options);
};
const states = ({ entries }: ReturnType<typeof answer>) =>
  entries.map(({ index, state }) => `${index} ${state}`);
const left = ({ back }: ReturnType<typeof answer>) =>
  back.map(({ index, kind }) => `${index} ${kind}`);

describe('outcomeOf', () => {
  it('takes everything where GC names no error', () => {
    expect(states(answer({}))).toEqual(['0 taken', '1 taken', '2 taken', '3 taken']);
  });

  it('keeps what GC wants again, and all that depends on it, in order', () => {
    const outcome = answer({ e1: { retryable: true }, e2: {}, e3: {} });
    expect(states(outcome)).toEqual(['0 taken', '1 sent', '2 sent', '3 sent']);
    expect(left(outcome)).toEqual([
      '1 userEstablished',
      '2 communicationAnswered',
      '3 communicationEnded',
    ]);
    expect(outcome.waits).toBe(true);
  });

  it('has a phone take the place of a user whom GC refuses, and what follows waits for it', () => {
    const outcome = answer({ e1: {}, e2: {}, e3: {} });
    expect(states(outcome)).toEqual(['0 taken', '1 refused', '1a planned', '2 sent', '3 sent']);
    const [phone] = outcome.back;
    expect(phone).toMatchObject({ kind: 'phoneEstablished', index: '1a', atMs: agent.atMs });
    const event = JSON.parse(phone?.json ?? '{}') as Record<string, unknown>;
    expect(event).toMatchObject({ communicationId: 'A', phoneNumber: '7105' });
    expect(event).not.toHaveProperty('userId');
    expect(event.eventId).not.toBe('e1');
  });

  it('leaves out an inviter whose leg GC has refused', () => {
    const outcome = answer({ e0: {}, e1: {}, e2: {}, e3: {} });
    expect(states(outcome)).toEqual(['0 refused', '1 refused', '1a planned', '2 sent', '3 sent']);
    const event = JSON.parse(outcome.back[0]?.json ?? '{}') as Record<string, unknown>;
    expect(event).toMatchObject({ userId: 'gone' });
    expect(JSON.stringify(event)).not.toContain('invitedBy');
  });

  it('drops what is left of a leg that is refused for good, sent or not', () => {
    const [first = customer] = read;
    const end = outgoing(4, 'communicationEnded', { communicationId: 'E' });
    const part = { conversation: 'c', read: [first, end], count: 1 };
    const errors = new Map([['e0', { eventId: 'e0', message: 'no', retryable: false }]]);
    const outcome = outcomeOf(part, errors, options);
    expect(states(outcome)).toEqual(['0 refused', '4 dropped']);
    expect(outcome.back).toEqual([]);
  });

  describe('when GC does not know the source', () => {
    const withSource = outgoing(0, 'externalEstablished', {
      communicationId: 'E',
      initialConfiguration: {},
      sourceConfiguration: { sourceId: 'ours', interactionId: 'c' },
    });
    const end = outgoing(1, 'communicationEnded', { communicationId: 'E' });
    const refused = { eventId: 'e0', message: 'sourceId: no such source', retryable: false };
    const lost = { eventId: 'e1', message: 'not established', retryable: false };
    const answered = (source: { id: string | undefined; isDoubted: boolean }) =>
      outcomeOf(
        { conversation: 'c', read: [withSource, end], count: 2 },
        new Map([
          ['e0', refused],
          ['e1', lost],
        ]),
        { unknownAgent: 'phone', source },
      );

    it('asks which one it is, and keeps all until then', () => {
      const outcome = answered({ id: 'ours', isDoubted: false });
      expect(outcome.refusedSource).toBe('ours');
      expect(states(outcome)).toEqual(['0 sent', '1 sent']);
      expect(states(answered({ id: undefined, isDoubted: false }))).toEqual(['0 sent', '1 sent']);
    });

    it('opens the leg under the one that took its place', () => {
      const outcome = answered({ id: 'another', isDoubted: false });
      expect(states(outcome)).toEqual(['0 refused', '0a planned', '1 sent']);
      const event = JSON.parse(outcome.back[0]?.json ?? '{}') as Record<string, unknown>;
      expect(event).toMatchObject({
        communicationId: 'E',
        sourceConfiguration: { sourceId: 'another', interactionId: 'c' },
      });
      expect(event.eventId).not.toBe('e0');
      expect(outcome.lostLegs).toBe(0);
    });

    it('gives up when it is still the same one', () => {
      const outcome = answered({ id: 'ours', isDoubted: true });
      expect(states(outcome)).toEqual(['0 refused', '1 dropped']);
      expect(outcome).toMatchObject({ back: [], waits: false, lostLegs: 1 });
    });
  });

  it('takes it for taken what GC says it has already', () => {
    expect(states(answer({ e1: { message: 'communicationId: already established' } }))).toContain(
      '1 taken',
    );
  });
});
