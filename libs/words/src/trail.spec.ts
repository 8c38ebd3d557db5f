import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@exrec/testing';
import { languages, scopeWords, trailRules, trailWords } from './index.js';

it('has a sentence for every rule that decides', () => {
  const source = join(workspaceRoot(), 'libs', 'sta-resolver', 'src', 'trail.ts');
  const rules = [...readFileSync(source, 'utf8').matchAll(/\| '([a-z-]+)'/g)].map(
    ([, rule]) => rule,
  );
  expect(rules.length).toBeGreaterThan(20);
  expect([...trailRules].sort()).toEqual(rules.sort());
});

it.each(languages)('never shouts and leaves nothing unsaid: %s', (language) => {
  for (const rule of trailRules)
    expect(trailWords(rule, { value: 'v', queue: 'q' }, language)).toMatch(/^[^!{}?]{8,}\.$/);
});

it('names what was found, and a rule that it does not know', () => {
  expect(trailWords('user-data-language', { value: 'de-DE' })).toBe(
    'The call data said de-DE when the agent answered.',
  );
  expect(trailWords('from-tomorrow', { value: '7' })).toBe('from-tomorrow 7');
});

it('says why something is in scope or not', () => {
  expect(scopeWords({ inScope: false, rule: 'no-rule-matches' })).toContain('none of its rules');
  expect(scopeWords({ inScope: true, rule: 'agents:agent71*' }, 'de')).toContain('agents:agent71*');
  expect(scopeWords({ inScope: true, rule: 'no-sync-scope' })).toContain('everything');
});
