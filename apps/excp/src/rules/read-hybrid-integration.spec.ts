import { readHybridIntegration } from './read-hybrid-integration.js';

const whole = `
hybrid_integration:
  sta_default_language: en-US
  sta_userdata_language_key: language_code
sync_scope:            # leave out: everything is in scope
  agents: ["agent71*"]
  dns: ["71??", 0071, 7105]
  queues: ["VQ_Tech*"]
queue_map: {VQ_TechSupport: "Tech Support", 007: 12}
agent_map: {agent7105: "agent7105@example.com"}
ivr_dns: ["IVR_*"]
`;
const problemsOf = (text: string | Uint8Array) => {
  const reading = readHybridIntegration(text);
  return reading.ok ? [] : reading.problems.map(({ line, reason }) => `${line}: ${reason}`);
};

describe('readHybridIntegration', () => {
  it('reads the whole file, numbers as they are written', () => {
    expect(readHybridIntegration(whole)).toEqual({
      ok: true,
      settings: {
        staDefaultLanguage: 'en-US',
        staUserdataLanguageKey: 'language_code',
        syncScope: { agents: ['agent71*'], dns: ['71??', '0071', '7105'], queues: ['VQ_Tech*'] },
        queueMap: { VQ_TechSupport: 'Tech Support', '007': '12' },
        agentMap: { agent7105: 'agent7105@example.com' },
        ivrDns: ['IVR_*'],
      },
    });
  });

  it('has no sync-scope when none is defined', () => {
    expect(readHybridIntegration('queue_map: {}')).toEqual({
      ok: true,
      settings: { queueMap: {}, agentMap: {}, ivrDns: [] },
    });
  });

  it.each([
    [
      'an unknown key',
      'queue_map: {}\nsync_scop: {}',
      [
        '2: the file has an unknown key; it may hold hybrid_integration, sync_scope, queue_map, agent_map, ivr_dns',
      ],
    ],
    [
      'an unknown rule',
      'sync_scope:\n  agents: [a]\n  agent: [b]',
      ['3: sync_scope has an unknown key; it may hold agents, dns, queues'],
    ],
    [
      'a name of JavaScript as key',
      'constructor: {}',
      [
        '1: the file has an unknown key; it may hold hybrid_integration, sync_scope, queue_map, agent_map, ivr_dns',
      ],
    ],
    ['a doubled key', 'queue_map: {}\nqueue_map: {}', ['2: a key occurs twice']],
    ['nothing', '', ['1: the file is empty']],
    ['only a comment', '# later\n', ['1: the file is empty']],
    ['a list', '- a', ['1: the file must be a map of keys and values']],
    [
      'two documents',
      'queue_map: {}\n---\nagent_map: {}',
      ['2: is not valid YAML (MULTIPLE_DOCS)'],
    ],
    ['broken YAML', 'queue_map: {}\nagent_map: {a: "x"', ['2: is not valid YAML (BAD_INDENT)']],
    [
      'a sync-scope without rules',
      'sync_scope: {}',
      ['1: sync_scope holds none of agents, dns, queues'],
    ],
    [
      'a sync-scope that ends in the middle',
      'queue_map: {}\nsync_scope:\n',
      ['2: sync_scope must be a map of keys and values'],
    ],
    [
      'an empty list',
      'sync_scope:\n  agents: []',
      ['2: agents must be a list with at least one entry'],
    ],
    [
      'a text for a list',
      'sync_scope:\n  agents: agent71*',
      ['2: agents must be a list with at least one entry'],
    ],
    [
      'entries that are no text',
      'sync_scope:\n  dns:\n    - 71\n    - [72]\n    - ~\n    - true',
      [
        '4: each entry of dns must be text of 1 to 255 characters',
        '5: each entry of dns must be text of 1 to 255 characters',
        '6: each entry of dns must be text of 1 to 255 characters',
      ],
    ],
    [
      'a language that is none',
      'hybrid_integration:\n  sta_default_language: "+4930555010"',
      ['2: sta_default_language must be a language code such as en-US'],
    ],
    [
      'values that are no text',
      'queue_map:\n  a: {b: c}\n  d:',
      [
        '2: each value of queue_map must be text of 1 to 255 characters',
        '3: each value of queue_map must be text of 1 to 255 characters',
      ],
    ],
    [
      'an alias',
      'queue_map: &a {b: c}\nagent_map: *a',
      ['2: agent_map must be a map of keys and values'],
    ],
  ])('refuses %s with its line', (_name, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('lists all problems at once, and repeats no value of the file', () => {
    const problems = problemsOf(
      'agent_map:\n  secret: [agent@example.com]\nx: 1\nsync_scope:\n  dns: []\n',
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['2', '3', '5']);
    expect(problems.join()).not.toMatch(/secret|example/);
  });

  it('keeps map entries called like a part of JavaScript', () => {
    const reading = readHybridIntegration('queue_map: {__proto__: x, constructor: y}');
    expect(reading.ok && Object.entries(reading.settings.queueMap)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('takes a byte order mark, and names in one form of Unicode whichever they are written in', () => {
    const decomposed = 'queue_map: {"Mu\u0308ller_Hotline ": " Mu\u0308ller"}';
    const reading = readHybridIntegration(Buffer.from(`\ufeff${decomposed}`));
    expect(reading.ok && reading.settings.queueMap).toEqual({ Müller_Hotline: 'Müller' });
  });

  it('refuses what is not UTF-8, with the lines', () => {
    const text = 'queue_map:\n  Müller_Hotline: Support\n  VQ_Sales: Grün\n  VQ: x\n';
    expect(problemsOf(Buffer.from(text, 'latin1'))).toEqual(['2: is not UTF-8', '3: is not UTF-8']);
    expect(problemsOf(Buffer.from(text, 'utf8'))).toEqual([]);
  });

  it('takes the word all for a scope, and no other', () => {
    const reading = readHybridIntegration('sync_scope: all');
    expect(reading).toMatchObject({ ok: true, settings: { isWholeInScope: true } });
    expect(reading.ok && reading.settings.syncScope).toBeUndefined();
    expect(problemsOf('sync_scope: none')).toEqual([
      '1: sync_scope must be a map of keys and values',
    ]);
  });

  it.each([
    ['maps', '{VQ_1: ', '_1: '],
    ['lists', '\n  ', '- '],
    ['lists in brackets', '{VQ_1: ', '['],
  ])('refuses %s nested by the thousand, in a few words', (_what, start, level) => {
    const problems = problemsOf(`queue_map: ${start}${level.repeat(20_000)}x`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  it.each<[string, string | Uint8Array]>([
    ['keys that nobody knows', Array.from({ length: 5_000 }, (_, n) => `key${n}: x`).join('\n')],
    ['empty names', `sync_scope: {dns: [${"'',".repeat(5_000)}]}`],
    ['lines in another encoding', Buffer.from('# \xe9\n'.repeat(5_000), 'latin1')],
  ])('names the first hundred of thousands of faults: %s', (_what, content) => {
    expect(problemsOf(content)).toHaveLength(100);
  });

  it('refuses a file larger than 1 MiB without reading it', () => {
    expect(problemsOf(`# ${'x'.repeat(1024 * 1024)}`)).toEqual([
      '1: the file is larger than 1 MiB',
    ]);
  });
});
