import fc from 'fast-check';
import { STA_REASONS, type StaReason } from '@exrec/gc-metadata';
import {
  analyticsOf,
  buildSnapshot,
  decideSta,
  DOCUMENTED_DIALECTS,
  parseSnapshot,
  serializeSnapshot,
  type GcStaParts,
  type StaInput,
} from './index.js';

// Small alphabets, so that names, ids and codes meet each other often, in all spellings.
const programId = fc.constantFrom('p1', 'p2', 'p3');
const queueId = fc.constantFrom('q1', 'q2', 'q3', 'q4');
const name = fc.constantFrom('VQ_A', 'vq_a', 'VQ_a', 'VQ_B', 'Tech', 'q1', 'constructor');
const code = fc.constantFrom(
  'de-DE',
  'DE_de',
  'de-de',
  'en-US',
  'en_us',
  'sv-SE',
  'xx-XX',
  'zu_za',
  '',
);
const flag = fc.constantFrom(true, false, null, undefined);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const parts: fc.Arbitrary<GcStaParts> = fc.record({
  transcription: fc.record({
    transcription: fc.constantFrom(
      'EnabledQueueFlow',
      'EnabledGlobally',
      'Enabled2027',
      'Disabled',
    ),
  }),
  queues: fc.uniqueArray(
    fc.record({
      id: queueId,
      name,
      enableTranscription: fc.constantFrom(true, true, true, false, null),
    }),
    { selector: (queue) => queue.id },
  ),
  settings: fc.record({ defaultProgram: maybe(fc.record({ id: programId })) }),
  mappings: fc.array(
    fc.record({
      program: fc.record({ id: programId }),
      queues: fc.array(fc.record({ id: queueId }), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  programs: fc.uniqueArray(fc.record({ id: programId, published: flag }), {
    selector: (program) => program.id,
  }),
  dialects: fc.array(
    fc.record({
      engine: fc.constantFrom('Genesys', 'Genesys', 'GenesysExtended'),
      dialects: fc.array(fc.constantFrom('de-DE', 'en-US', 'sv-SE', 'DE-de'), { maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
});

type World = Omit<StaInput, 'snapshot'> & { readonly parts: GcStaParts | null };

const world: fc.Arbitrary<World> = fc.record({
  parts: fc.option(parts, { nil: null, freq: 20 }),
  recordedParty: fc.constantFrom('agent', 'agent', 'trunk'),
  queue: fc.option(fc.record({ name }), { nil: null, freq: 4 }),
  queueMap: fc.dictionary(name, fc.oneof(name, queueId, fc.constant('Q2')), { maxKeys: 2 }),
  userDataLanguage: maybe(code),
  staDefaultLanguage: maybe(code),
});

const decide = ({ parts: read, ...input }: World) =>
  decideSta({ ...input, snapshot: read && buildSnapshot(read, 0) });

// ---- The rules once more, as slow and plain as can be, straight on what GC said. ----

type Plain = { readonly said: string; readonly queueId: string | null };

function plainly({ parts: gc, ...segment }: World): Plain {
  const queue = segment.recordedParty === 'trunk' ? null : segment.queue;
  const known = gc && queue ? gcQueueOf(queue.name, segment.queueMap ?? {}, gc.queues) : undefined;
  const say = (said: StaReason | `${string}/${string}`): Plain => ({
    said,
    queueId: known?.id ?? null,
  });

  if (!gc) return say('configuration-unavailable');
  if (gc.transcription.transcription === 'Disabled') return say('org-transcription-disabled');
  if (queue && !known) return say('queue-unknown');
  if (known && known.enableTranscription !== true) return say('queue-transcription-disabled');

  const isPublished = (id: string) =>
    gc.programs.some((program) => program.id === id && program.published !== false);
  const mapped = gc.mappings
    .filter((mapping) => mapping.queues?.some((one) => one.id === known?.id))
    .map((mapping) => mapping.program.id)
    .filter(isPublished)
    .sort();
  const program = mapped[0] ?? gc.settings.defaultProgram?.id;
  if (program === undefined || !isPublished(program)) return say('no-program');

  const genesys = gc.dialects.filter((one) => one.engine === 'Genesys');
  const listed = genesys.flatMap((one) => one.dialects ?? []);
  const languages = listed.length === 0 ? DOCUMENTED_DIALECTS : listed;
  const plain = (text: string) => text.toUpperCase().split('_').join('-');
  const spelled = (wanted: string | null | undefined) =>
    languages.find((language) => plain(language) === plain(wanted ?? ''));
  const fromCall =
    segment.recordedParty === 'agent' ? spelled(segment.userDataLanguage) : undefined;
  const language = fromCall ?? spelled(segment.staDefaultLanguage);
  return language === undefined ? say('language-unsupported') : say(`${program}/${language}`);
}

function gcQueueOf(engage: string, map: Record<string, string>, queues: GcStaParts['queues']) {
  const same = (a: string, b: string) => a.toUpperCase() === b.toUpperCase();
  const entries = Object.entries(map);
  const entry =
    entries.find(([key]) => key === engage) ?? entries.find(([key]) => same(key, engage));
  const wanted = entry ? entry[1] : engage;
  const sorted = [...queues].sort((a, b) => a.id.localeCompare(b.id));
  return (
    (entry && sorted.find((queue) => same(queue.id, wanted))) ??
    sorted.find((queue) => queue.name === wanted) ??
    sorted.find((queue) => same(queue.name, wanted))
  );
}

describe('every input', () => {
  it('gives what the rules say when they are read out slowly, and all answers are met', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(world, (input) => {
        const decision = decide(input);
        const said = decision.requested
          ? `${decision.programId}/${decision.language}`
          : decision.reason;
        expect({ said, queueId: decision.queue?.id ?? null }).toEqual(plainly(input));
        met.add(decision.requested ? 'requested' : decision.reason);
      }),
      { numRuns: 5_000 },
    );
    // Else the inputs above would not reach all rules.
    expect([...met].sort()).toEqual([...STA_REASONS, 'requested'].sort());
  });

  it('keeps the Engage name of the queue, and only trunks lose their queue', () => {
    fc.assert(
      fc.property(world, (input) => {
        const expected = input.recordedParty === 'trunk' ? undefined : input.queue?.name;
        expect(decide(input).queue?.name).toBe(expected);
      }),
    );
  });

  it('is decided the same from the snapshot kept in Redis', () => {
    fc.assert(
      fc.property(parts, world, (read, { parts: _unused, ...input }) => {
        const snapshot = buildSnapshot(read, 17);
        const kept = parseSnapshot(serializeSnapshot(snapshot));
        expect(kept).toEqual(snapshot);
        expect(decideSta({ ...input, snapshot: kept })).toEqual(decideSta({ ...input, snapshot }));
      }),
    );
  });

  it('is decided the same in whatever order GC lists its queues, mappings and programs', () => {
    fc.assert(
      fc.property(parts, world, (read, input) => {
        const turned = {
          ...read,
          queues: read.queues.toReversed(),
          mappings: read.mappings.toReversed(),
          programs: read.programs.toReversed(),
        };
        expect(decide({ ...input, parts: turned })).toEqual(decide({ ...input, parts: read }));
      }),
    );
  });

  it('leaves a trail that ends with the rule that decided', () => {
    const decidedBy: Readonly<Record<StaReason | 'requested', RegExp>> = {
      'configuration-unavailable': /^configuration-unavailable$/,
      'org-transcription-disabled': /^org-transcription-disabled$/,
      'queue-unknown': /^queue-unknown$/,
      'queue-transcription-disabled': /^queue-transcription-disabled$/,
      'no-program': /^(no-default-program|default-program-unpublished)$/,
      'language-unsupported': /^default-language-(unsupported|absent)$/,
      requested: /^(user-data|default)-language$/,
    };
    fc.assert(
      fc.property(world, (input) => {
        const decision = decide(input);
        const analytics = analyticsOf(decision);
        const rule = decidedBy[analytics.requested ? 'requested' : analytics.reason];
        expect(decision.trail.at(-1)?.rule).toMatch(rule);
      }),
    );
  });
});
