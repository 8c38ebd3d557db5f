import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@exrec/testing';
import {
  causes,
  causeWords,
  languageFor,
  languages,
  notTranscribed,
  recordingStates,
  stateWords,
  transcriptionReasons,
} from './index.js';

it('has words for every failure that the services name', () => {
  const root = workspaceRoot();
  const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('/test/'),
    );
  const named = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/Failure\.(?:later|never)\('([a-z-]+)'/g)].map(([, cause]) => cause);
  });
  // Failures of pulls from RWS hold up no recording.
  const unknown = new Set(named.filter((cause) => cause && !cause.startsWith('rws-')));
  for (const cause of Object.keys(causes)) unknown.delete(cause);
  expect([...unknown]).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
});

it('has a sentence for every reason against transcription, and the contract and the simulator name the same', () => {
  const namesIn = (file: string, from: string, to: string) => {
    const text = readFileSync(join(workspaceRoot(), file), 'utf8');
    const start = text.indexOf(from);
    const part = text.slice(start, text.indexOf(to, start));
    return [...part.matchAll(/['"]([a-z-]+)['"]/g)].map(([, name]) => name);
  };
  const reasons = namesIn(
    'libs/gc-metadata/src/speech-and-text-analytics.ts',
    'STA_REASONS',
    'as const',
  );
  expect(reasons.length).toBeGreaterThan(5);
  expect(transcriptionReasons).toEqual(reasons);
  expect(namesIn('docs/design/CONTRACTS.md', '"org-transcription-disabled"|', '}')).toEqual(
    reasons,
  );
  const ofSimulator = 'tools/simulator/src/gc/verdict/metadata.ts';
  expect(namesIn(ofSimulator, 'reason: z.enum(', '])')).toEqual(reasons);
});

it.each(languages)('never shouts and leaves nothing unsaid: %s', (language) => {
  const all = [
    ...Object.keys(causes).flatMap((cause) => Object.values(causeWords(cause, language))),
    ...recordingStates.map((state) => stateWords(state, language)),
    ...transcriptionReasons.map((reason) => notTranscribed(reason, { queue: 'Q' }, language)),
  ];
  for (const text of all) {
    expect(text).toMatch(/^[^!]{4,}$/);
    expect(text).not.toMatch(/\{(queue|program|language)\}/);
  }
});

it('names the queue where one is meant', () => {
  expect(notTranscribed('queue-transcription-disabled', { queue: 'VQ_Billing' })).toBe(
    'Not transcribed: the queue VQ_Billing has voice transcription switched off in Genesys Cloud.',
  );
});

it('speaks the language that is asked for first, else English', () => {
  expect(languageFor(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(languageFor(['fr'])).toBe('en');
});

it('calls a cause that it does not know by its name', () => {
  expect(causeWords('from-tomorrow')).toEqual({ title: 'from-tomorrow', means: '', todo: '' });
});
