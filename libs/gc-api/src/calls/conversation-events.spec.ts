import { splitBatch, type ConversationEvent } from './conversation-events.js';

const event = (n: number, padding = 0): ConversationEvent => ({
  eventId: `event-${n}`,
  eventDateTime: new Date(Date.UTC(2026, 2, 2) + n * 1000).toISOString(),
  conversationId: 'c',
  padding: 'ü'.repeat(padding),
});

describe('splitBatch', () => {
  it('keeps every part below the limit, in the order of time, and loses nothing', () => {
    const kinds = ['userEstablishedEvents', 'audioUpdatedEvents', 'communicationEndedEvents'];
    const batch: Record<string, ConversationEvent[]> = {};
    for (let n = 299; n >= 0; n -= 1) {
      (batch[kinds[n % 3]!] ??= []).push(event(n, (n * 37) % 400));
    }
    const { parts, tooLong } = splitBatch(batch, 5000);
    expect(tooLong).toEqual([]);
    expect(parts.length).toBeGreaterThan(10);
    for (const part of parts) {
      const bytes = Buffer.byteLength(JSON.stringify(part));
      expect(bytes).toBeLessThanOrEqual(5000);
      expect(bytes).toBeGreaterThan(3000 - (part === parts.at(-1) ? 3000 : 0));
    }
    const numbers = parts.map((part) =>
      Object.values(part)
        .flat()
        .map(({ eventId }) => Number(eventId.slice('event-'.length))),
    );
    expect(numbers.flat().toSorted((a, b) => a - b)).toEqual([...Array(300).keys()]);
    numbers.slice(1).forEach((later, index) => {
      expect(Math.min(...later)).toBeGreaterThan(Math.max(...numbers[index]!));
    });
  });

  it('sets an event aside that is too long by itself', () => {
    const { parts, tooLong } = splitBatch({ a: [event(1), event(2, 5000), event(3)] }, 5000);
    expect(tooLong.map(({ eventId }) => eventId)).toEqual(['event-2']);
    expect(parts).toEqual([{ a: [event(1), event(3)] }]);
  });

  it('makes no part of nothing', () => {
    expect(splitBatch({ a: [] })).toEqual({ parts: [], tooLong: [] });
  });
});
