import { readCallEvents } from './call-event-body.js';

const event = {
  event: 'EventDiverted',
  time: '2026-03-02T09:15:03.120Z',
  callUUID: '02AB7QK3D4FH59LMN0PQ6RSTUV000017',
  connID: '00730a1b2c3d4e5f',
  thisDN: 'VQ_TechSupport',
  thisQueue: 'VQ_TechSupport',
  thirdPartyDN: '7105',
  agentId: 'agent7105',
  partyType: 'queue',
  userData: { language_code: 'de-DE', nested: { b: 1, a: 2 } },
};
const read = (body: unknown) => readCallEvents(Buffer.from(JSON.stringify(body)), 'json');
const readLines = (text: string) => readCallEvents(Buffer.from(text), 'ndjson');
const idOf = (body: unknown) => read(body).accepted[0]?.eventId;

describe('readCallEvents', () => {
  it('reads one event with all its fields', () => {
    const { time, ...rest } = event;
    expect(read({ ...event, eventId: 'e1' })).toEqual({
      accepted: [{ ...rest, eventId: 'e1', timeMs: Date.parse(time) }],
      rejected: [],
      tooLarge: false,
    });
  });

  it('takes the good events of an array and says which are bad and why, without their values', () => {
    const reading = read([
      event,
      'x',
      { ...event, time: '+4930555010' },
      { ...event, event: 'EventRinging' },
      event,
    ]);
    expect(reading.accepted).toHaveLength(2);
    expect(reading.rejected).toEqual([
      { index: 1, reason: 'is not an object', pointer: '/1' },
      { index: 2, reason: 'time is not a valid value', pointer: '/2/time' },
      { index: 3, reason: 'event is not a valid value', pointer: '/3/event' },
    ]);
  });

  it('tells events apart whose ids are numbers beyond 2^53, and keeps such numbers as they are', () => {
    const numbered = (id: string) =>
      JSON.stringify({
        ...event,
        eventId: 'ID',
        userData: { n: 'ID', text: '"12345678901234567890' },
      }).replaceAll('"ID"', id);
    const ids = ['9007199254740993', '9007199254740992', '-9007199254740993', '12345'];
    const forms = [
      readCallEvents(Buffer.from(`[${ids.map(numbered).join(',')}]`), 'json'),
      readLines(ids.map(numbered).join('\n')),
    ];
    for (const { accepted } of forms) {
      expect(accepted.map(({ eventId }) => eventId)).toEqual(ids);
      expect(accepted[0]?.userData).toEqual({ n: ids[0], text: '"12345678901234567890' });
      expect(accepted[3]?.userData?.n).toBe(12_345);
    }
    const precise = { ...event, userData: { a: 1.0000000000000002, b: 1e21, c: 'x' } };
    expect(read(precise).accepted[0]?.userData).toEqual(precise.userData);
  });

  it('takes the others of an array when one item cannot be read, though it is JSON', () => {
    const good = JSON.stringify(event);
    const bad = ['{"a":{"b":1,"b":2},"n":12345678901234567890}', '['.repeat(50) + ']'.repeat(50)];
    const reading = readCallEvents(Buffer.from(`[${good},${bad.join(',')},${good}]`), 'json');
    expect(reading.accepted).toHaveLength(2);
    expect(reading.rejected).toEqual([
      { index: 1, reason: 'has an object with one key twice', pointer: '/1' },
      { index: 2, reason: 'is nested deeper than 32 levels', pointer: '/2' },
    ]);
  });

  it('refuses the whole array when more items are at fault than it may have', () => {
    const body = (count: number) => Buffer.from(`[${'{"a":1,"a":2},'.repeat(count)}{}]`);
    expect(readCallEvents(body(4_999), 'json').rejected).toHaveLength(5_000);
    expect(readCallEvents(body(6_000), 'json').rejected).toEqual([
      { index: 0, reason: 'has an object with one key twice', pointer: '' },
    ]);
  });

  it('takes a call in lower case for the same', () => {
    const lower = event.callUUID.toLowerCase();
    const [found] = read({ ...event, callUUID: lower, parentCallUUID: lower }).accepted;
    expect(found).toMatchObject({ callUUID: event.callUUID, parentCallUUID: event.callUUID });
  });

  it('reads lines with any line end, passes over blank ones and rejects bad ones', () => {
    const line = JSON.stringify(event);
    const reading = readLines(`${line}\r\n\r\n  \n{"broken\n${line}\n\n${line}`);
    expect(reading.accepted).toHaveLength(3);
    expect(reading.rejected).toEqual([{ index: 1, reason: 'is not JSON', pointer: '/1' }]);
  });

  it('does not let one line that is not UTF-8 spoil the others', () => {
    const good = Buffer.from(`${JSON.stringify(event)}\n`);
    const reading = readCallEvents(
      Buffer.concat([good, Buffer.from('{"a":"\xfc"}\n', 'latin1'), good]),
      'ndjson',
    );
    expect(reading.accepted).toHaveLength(2);
    expect(reading.rejected).toEqual([{ index: 1, reason: 'is not UTF-8', pointer: '/1' }]);
  });

  it.each([
    [{ event: undefined }, 'event'],
    [{ time: undefined }, 'time'],
    [{ time: '1900-01-01T00:00:00Z' }, 'time'],
    [{ callUUID: undefined }, 'callUUID'],
    [{ callUUID: '../x' }, 'callUUID'],
    [{ callUUID: { a: 1 } }, 'callUUID'],
    [{ thisDN: 'a\u0000b' }, 'thisDN'],
    [{ thisDN: 'x'.repeat(256) }, 'thisDN'],
    [{ eventId: [] }, 'eventId'],
    [{ partyType: 'robot' }, 'partyType'],
    [{ userData: [] }, 'userData'],
    [{ userData: { x: 'y'.repeat(70_000) } }, 'userData'],
    [{ thisQueue: '', thisDN: null }, 'thisQueue'],
    [{ event: 'EventCallPartyAdded', thisDN: null }, 'thisDN'],
    [{ event: 'EventCallPartyState' }, 'partyState'],
    [{ event: 'EventCallDataChanged', userData: null }, 'userData'],
    [{ event: 'EventCallCreated', callType: 'Video' }, 'callType'],
  ])('rejects an event with %j by naming %s', (changes, field) => {
    expect(read({ ...event, ...changes })).toMatchObject({
      accepted: [],
      rejected: [{ index: 0, pointer: `/${field}` }],
    });
  });

  it.each([
    ['eventId', 1e300],
    ['connID', -1e21],
  ])('refuses a %s of %d by name, since another number would read the same', (field, value) => {
    const body = Buffer.from(JSON.stringify({ ...event, [field]: value }));
    expect(readCallEvents(body, 'json').rejected).toMatchObject([
      { pointer: `/${field}`, reason: expect.stringContaining('too large to be exact') },
    ]);
    expect(read({ ...event, [field]: 9_007_199_254_740_991 }).rejected).toEqual([]);
  });

  it('takes short texts that came as numbers, and nothing else', () => {
    const numbers = { eventId: -0, connID: 1.5, thisDN: 7105, agentId: 9_007_199_254_740_991 };
    const texts = { eventId: '0', connID: '1.5', thisDN: '7105', agentId: '9007199254740991' };
    expect(read({ ...event, ...numbers }).accepted).toMatchObject([texts]);
    for (const field of ['time', 'callUUID', 'partyType'])
      expect(read({ ...event, [field]: 20_260_302 }).rejected).toMatchObject([
        { pointer: `/${field}` },
      ]);
  });

  it.each([
    ['not JSON', '{', 'is not JSON'],
    ['nested too deep', '['.repeat(100_000), 'is nested deeper than 32 levels'],
  ])('rejects a body that is %s', (_name, text, reason) => {
    const reading = readCallEvents(Buffer.from(text), 'json');
    expect(reading).toEqual({
      accepted: [],
      rejected: [{ index: 0, reason, pointer: '' }],
      tooLarge: false,
    });
  });

  it('finds nothing bad in an empty array or only blank lines', () => {
    const nothing = { accepted: [], rejected: [], tooLarge: false };
    expect(read([])).toEqual(nothing);
    expect(readLines('\r\n\n')).toEqual(nothing);
  });

  it('takes 5000 events, in either form, and not one more', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, () => JSON.stringify({ ...event, userData: {} }));
    expect(readLines(lines(5000).join('\n')).accepted).toHaveLength(5000);
    expect(readLines(lines(5001).join('\n'))).toMatchObject({ accepted: [], tooLarge: true });
    expect(readCallEvents(Buffer.from(`[${lines(5001).join()}]`), 'json')).toMatchObject({
      accepted: [],
      tooLarge: true,
    });
  });

  describe('without an eventId', () => {
    it('derives the same one whatever the order of keys, unknown fields and spelling of the time', () => {
      const turned = Object.fromEntries(Object.entries(event).reverse());
      const same = {
        ...turned,
        userData: { nested: { a: 2, b: 1 }, language_code: 'de-DE' },
        time: '2026-03-02T10:15:03.120+01:00',
        bridge: 'b',
        ani: null,
      };
      expect(idOf(same)).toBe(idOf(event));
      expect(idOf(event)).toMatch(/^[\w-]{22}$/);
    });

    it('derives what every release derives', () => {
      expect(idOf(event)).toBe('HjWZaS3JfoSM9w9OhN-krw');
      expect(
        idOf({ ...event, userData: { b: [{ d: 1, c: 'é' }], a: null, 10: 'x', 9: 'y' } }),
      ).toBe('zPHsV5cTGhkkHACpbScRzQ');
      const text = JSON.stringify({ ...event, userData: {} }).replace(
        '"userData":{}',
        '"userData":{"z":1,"__proto__":{"b":1,"a":2},"a":0}',
      );
      expect(readCallEvents(Buffer.from(text), 'json').accepted[0]?.eventId).toBe(
        'BmfOQsBOE8H_FXE7dvAIUA',
      );
    });

    it.each([
      { time: '2026-03-02T09:15:03.121Z' },
      { thirdPartyDN: '7106' },
      { userData: {} },
      { callUUID: 'X' },
      { event: 'EventQueued' },
    ])('derives another one when %j differs', (changes) =>
      expect(idOf({ ...event, ...changes })).not.toBe(idOf(event)),
    );
  });

  it('keeps user data called like a part of JavaScript', () => {
    const text = JSON.stringify({ ...event, userData: {} }).replace(
      '"userData":{}',
      '"userData":{"__proto__":{"polluted":1}}',
    );
    const [accepted] = readCallEvents(Buffer.from(text), 'json').accepted;
    expect(JSON.stringify(accepted?.userData)).toBe('{"__proto__":{"polluted":1}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
