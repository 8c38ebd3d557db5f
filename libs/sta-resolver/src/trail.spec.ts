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
  }).trail.map(({ rule, outcome, value }: TrailStep) =>
    [rule, outcome, value].filter((part) => part !== undefined).join(' '),
  );

describe('the trail', () => {
  it('tells every step of a call through a queue', () => {
    expect(told({ queue: { name: 'Twins' }, userDataLanguage: 'xx_XX' })).toEqual([
      '1 org-transcription-enabled EnabledQueueFlow',
      '2 queue-found-by-name q-1',
      '2 queue-name-ambiguous 2',
      '2 queue-transcription-enabled',
      '3 mapped-program-unpublished p-draft',
      '3 default-program p-default',
      '4 user-data-language-unsupported xx_XX',
      '4 default-language en-US',
    ]);
  });

  it('tells why a mapped queue was not found', () => {
    expect(told({ queue: { name: 'Twins' }, queueMap: { Twins: 'Gone' } })).toEqual([
      '1 org-transcription-enabled EnabledQueueFlow',
      '2 queue-map-target-unknown Gone',
      '2 queue-unknown',
    ]);
  });

  it('tells that a trunk has neither queue nor language of its own', () => {
    expect(
      told({ recordedParty: 'trunk', queue: { name: 'Twins' }, userDataLanguage: 'de-DE' }),
    ).toEqual([
      '1 org-transcription-enabled EnabledQueueFlow',
      '5 queue-ignored-for-trunk',
      '3 default-program p-default',
      '4 user-data-ignored-for-trunk',
      '4 default-language en-US',
    ]);
  });

  it('tells a direct call with its own language', () => {
    expect(told({ userDataLanguage: 'de_de' })).toEqual([
      '1 org-transcription-enabled EnabledQueueFlow',
      '5 no-queue',
      '3 default-program p-default',
      '4 user-data-language de-DE',
    ]);
  });

  it('tells the default language that does not work', () => {
    expect(told({ staDefaultLanguage: 'klingon' }).slice(-2)).toEqual([
      '4 user-data-language-absent',
      '4 default-language-unsupported klingon',
    ]);
  });

  it.each(['Meyer', 'Ann', '+4930555010', 'de-DE; Meyer', 'ann-lee', 'a@b.de'])(
    'does not repeat user data that is no language code: %s',
    (userDataLanguage) => {
      expect(told({ userDataLanguage })).toContain('4 user-data-language-unsupported');
    },
  );
});
