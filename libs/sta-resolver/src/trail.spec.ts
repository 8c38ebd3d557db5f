import {
  buildSnapshot,
  decideSta,
  type GcStaParts,
  type StaInput,
  type TrailStep,
} from './index.js';

const gc: GcStaParts = {
  transcription: { transcription: 'EnabledQueueFlow' },
  queues: [
    { id: 'q-1', name: 'Twins', enableTranscription: true },
    { id: 'q-2', name: 'TWINS', enableTranscription: true },
    { id: 'q-off', name: 'VQ_Off', enableTranscription: false },
  ],
  settings: { defaultProgram: { id: 'p-default' } },
  mappings: [{ program: { id: 'p-draft' }, queues: [{ id: 'q-1' }] }],
  programs: [
    { id: 'p-default', published: true },
    { id: 'p-draft', published: false },
  ],
  dialects: [{ engine: 'Genesys', dialects: ['en-US', 'de-DE'] }],
};

const told = (input: Partial<StaInput>) =>
  decideSta({
    snapshot: buildSnapshot(gc, 0),
    recordedParty: 'agent',
    queue: null,
    staDefaultLanguage: 'en-us',
    ...input,
  }).trail.map(({ rule, value }: TrailStep) =>
    [rule, value].filter((part) => part !== undefined).join(' '),
  );

describe('the trail', () => {
  it('tells every step of a call through a queue', () => {
    expect(told({ queue: { name: 'Twins' }, userDataLanguage: 'xx_XX' })).toEqual([
      'org-transcription-enabled EnabledQueueFlow',
      'queue-found-by-name q-1',
      'queue-name-ambiguous 2',
      'queue-transcription-enabled',
      'mapped-program-unpublished p-draft',
      'default-program p-default',
      'user-data-language-unsupported xx_XX',
      'default-language en-US',
    ]);
  });

  it.each(['VQ_O\u0308ff', ' VQ_\u00d6ff '])(
    'finds %j whichever form of Unicode it has',
    (name) => {
      const queue = { id: 'q-u', name: 'VQ_\u00d6FF', enableTranscription: true };
      const snapshot = buildSnapshot({ ...gc, queues: [queue] }, 0);
      const of = (queueMap: Record<string, string>) =>
        told({ snapshot, queue: { name }, queueMap }).slice(1, 2);
      expect(of({})).toEqual(['queue-found-by-name q-u']);
      expect(of({ 'VQ_\u00d6ff': 'Vq_O\u0308FF' })).toEqual(['queue-found-by-map q-u']);
    },
  );

  it('tells why a mapped queue was not found', () => {
    expect(told({ queue: { name: 'Twins' }, queueMap: { Twins: 'Gone' } })).toEqual([
      'org-transcription-enabled EnabledQueueFlow',
      'queue-map-target-unknown Gone',
      'queue-unknown',
    ]);
  });

  it('tells that a trunk has neither queue nor language of its own', () => {
    expect(
      told({ recordedParty: 'trunk', queue: { name: 'Twins' }, userDataLanguage: 'de-DE' }),
    ).toEqual([
      'org-transcription-enabled EnabledQueueFlow',
      'queue-ignored-for-trunk',
      'default-program p-default',
      'user-data-ignored-for-trunk',
      'default-language en-US',
    ]);
  });

  it('tells a direct call with its own language', () => {
    expect(told({ userDataLanguage: 'de_de' })).toEqual([
      'org-transcription-enabled EnabledQueueFlow',
      'no-queue',
      'default-program p-default',
      'user-data-language de-DE',
    ]);
  });

  it('tells the default language that does not work', () => {
    expect(told({ staDefaultLanguage: 'klingon' }).slice(-2)).toEqual([
      'user-data-language-absent',
      'default-language-unsupported klingon',
    ]);
  });

  it.each(['Meyer', 'Ann', '+4930555010', 'de-DE; Meyer', 'ann-lee', 'a@b.de'])(
    'does not repeat user data that is no language code: %s',
    (userDataLanguage) => {
      expect(told({ userDataLanguage })).toContain('user-data-language-unsupported');
    },
  );
});
