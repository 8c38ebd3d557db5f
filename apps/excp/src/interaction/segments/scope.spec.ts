import { matchesGlob } from './glob.js';
import { scopeOf } from './scope.js';

describe('matchesGlob', () => {
  it.each([
    ['agent71*', 'agent7105', true],
    ['agent71*', 'agent71', true],
    ['agent71*', 'agent7205', false],
    ['agent71*', 'my-agent7105', false],
    ['71??', '7105', true],
    ['71??', '710', false],
    ['71??', '71055', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['*_Tech*_?', 'VQ_Tech_Tech_1', true],
    ['VQ_tech', 'vq_TECH', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['?', '😀', true],
    ['VQ_Mu\u0308ller*', ' VQ_M\u00fcller_Hotline ', true],
    ['M\u00fc?ler', 'Mu\u0308ller', true],
  ])('%s against %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('does not explode on many stars', () => {
    expect(matchesGlob(`${'*a'.repeat(60)}*b`, 'a'.repeat(255))).toBe(false);
  });
});

describe('scopeOf', () => {
  const scope = { agents: ['agent71*'], dns: ['73??'], queues: ['VQ_Tech*', 'VQ_Sales'] };
  it.each([
    ['its agent', { agentId: 'agent7105', dn: '9', queue: 'Q' }, true, 'agents:agent71*'],
    ['its DN', { agentId: 'x', dn: '7301' }, true, 'dns:73??'],
    [
      'its origination queue',
      { agentId: 'x', dn: '9', queue: 'VQ_Sales' },
      true,
      'queues:VQ_Sales',
    ],
    ['nothing', { agentId: 'x', dn: '9', queue: 'VQ' }, false, 'no-rule-matches'],
    ['nothing, a trunk without agent and queue', { dn: 'TRUNK1' }, false, 'no-rule-matches'],
  ])('decides by %s', (_name, subject, inScope, rule) => {
    expect(scopeOf(subject, scope)).toEqual({ inScope, rule });
  });

  it('has everything in scope when none is defined', () => {
    expect(scopeOf({}, undefined)).toEqual({ inScope: true, rule: 'no-sync-scope' });
  });
});
