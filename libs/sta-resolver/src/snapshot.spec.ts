import {
  buildSnapshot,
  decideSta,
  DOCUMENTED_DIALECTS,
  parseSnapshot,
  serializeSnapshot,
  type GcStaParts,
} from './index.js';

const nothing: GcStaParts = {
  transcription: { transcription: 'EnabledQueueFlow' },
  queues: [],
  settings: {},
  mappings: [],
  programs: [],
  dialects: [],
};

const on = { enableTranscription: true };

describe('buildSnapshot', () => {
  it.each<[string, GcStaParts['dialects']]>([
    ['no engine', []],
    ['other engines only', [{ engine: 'GenesysExtended', dialects: ['sv-SE'] }]],
    ['an empty list', [{ engine: 'Genesys', dialects: [] }]],
    ['no list', [{ engine: 'Genesys' }]],
  ])('says that it uses the documented languages when GC names %s', (_what, dialects) => {
    const snapshot = buildSnapshot({ ...nothing, dialects }, 0);
    expect(snapshot.dialectSource).toBe('documented-list');
    expect(snapshot.dialects).toEqual(DOCUMENTED_DIALECTS);
  });

  it('knows the 40 documented languages', () => {
    expect(new Set(DOCUMENTED_DIALECTS).size).toBe(40);
  });

  it('takes a queue listed on two pages once, as it was read last', () => {
    const queues = [
      { id: 'q', name: 'VQ', enableTranscription: false },
      { id: 'q', name: 'VQ', enableTranscription: true },
    ];
    const { queues: kept } = buildSnapshot({ ...nothing, queues }, 0);
    expect(kept).toEqual([{ id: 'q', name: 'VQ', transcription: true, program: null }]);
  });

  it.each([
    ['the published one', { b: true, a: false }, 'b'],
    ['the lower id of two published ones', { b: true, a: true }, 'a'],
  ])('gives a queue with two programs %s', (_what, published, expected) => {
    const snapshot = buildSnapshot(
      {
        ...nothing,
        queues: [{ id: 'q', name: 'VQ', ...on }],
        mappings: ['b', 'a'].map((id) => ({ program: { id }, queues: [{ id: 'q' }] })),
        programs: Object.entries(published).map(([id, is]) => ({ id, published: is })),
      },
      0,
    );
    expect(snapshot.queueById.get('q')?.program).toEqual({ id: expected, published: true });
  });

  it('does not count a program that the list of programs lacks', () => {
    const settings = { defaultProgram: { id: 'p' } };
    const { defaultProgram } = buildSnapshot({ ...nothing, settings }, 0);
    expect(defaultProgram).toEqual({ id: 'p', published: false });
  });
});

describe('the snapshot in Redis', () => {
  const uuid = (n: number) => `12345678-90ab-4cde-8f01-${n.toString(16).padStart(12, '0')}`;
  const programs = Array.from({ length: 50 }, (_, n) => ({ id: uuid(n), published: n % 7 > 0 }));
  const many: GcStaParts = {
    ...nothing,
    queues: Array.from({ length: 10_000 }, (_, n) => ({
      id: uuid(1_000 + n),
      name: `VQ_Line_of_business_${n}`,
      enableTranscription: n % 3 > 0,
    })),
    mappings: programs.map((program, n) => ({
      program,
      queues: Array.from({ length: 200 }, (_, q) => ({ id: uuid(1_000 + n * 200 + q) })),
    })),
    programs,
  };

  it('holds 10,000 queues with their programs in less than 1 MB', () => {
    const snapshot = buildSnapshot(many, 1_772_442_904_000);
    const text = serializeSnapshot(snapshot);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(parseSnapshot(text)).toEqual(snapshot);
    const decision = decideSta({
      snapshot: parseSnapshot(text),
      recordedParty: 'agent',
      queue: { name: 'vq_line_of_business_9401' },
      userDataLanguage: 'DE_DE',
    });
    expect(decision).toMatchObject({ requested: true, programId: uuid(47), language: 'de-DE' });
  });

  it.each([
    ['no JSON', '{'],
    ['another version', serializeSnapshot(buildSnapshot(nothing, 0)).replace('1', '2')],
    ['a field too few', '{"version":1}'],
    ['null', 'null'],
  ])('is none when the text is %s', (_what, text) => {
    expect(parseSnapshot(text)).toBeNull();
  });
});
