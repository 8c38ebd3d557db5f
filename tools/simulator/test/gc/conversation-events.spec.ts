import { startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { logIn } from './gc-client.js';

let simulator: GcSimulator;
let api: Awaited<ReturnType<typeof logIn>>;
beforeAll(async () => {
  simulator = await startGcSimulator({ olderKeys: 0 });
  api = await logIn(simulator);
});
afterAll(() => simulator.stop());

describe('conversation events', () => {
  const uuid = '6d5c4b3a-2f1e-4d0c-8b9a-7f6e5d4c3b2a';
  const answered = {
    eventId: uuid,
    eventDateTime: '2026-03-02T09:15:03.120Z',
    conversationId: uuid,
    communicationId: uuid,
  };
  const inject = (events: object) => api('/api/v2/events/conversations', events);

  it('are kept once per event id', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect((await inject({ communicationAnsweredEvents: [answered] })).json).toEqual({
        errors: [],
      });
    }
    expect(simulator.conversations()[uuid]).toHaveLength(1);
  });

  it.each([
    [
      'an id that is no UUIDv4',
      { communicationAnsweredEvents: [{ ...answered, communicationId: '1' }] },
    ],
    ['a missing field', { communicationEndedEvents: [answered] }],
    [
      'a user nobody knows',
      {
        userEstablishedEvents: [
          {
            ...answered,
            userId: uuid,
            initialConfiguration: {},
            sourceConfiguration: { sourceId: 'x', interactionId: 'y' },
          },
        ],
      },
    ],
  ])('are answered with an error each for %s', async (_name, events) => {
    expect((await inject(events)).json.errors).toMatchObject([{ eventId: uuid, retryable: false }]);
  });

  it('of an unknown kind are refused as a whole', async () => {
    expect((await inject({ telepathyEvents: [answered] })).status).toBe(400);
  });
});
