import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseFile, workspaceRoot } from '@exrec/testing';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readHybridIntegration } from '../../src/rules/read-hybrid-integration.js';

const example = readFileSync(join(workspaceRoot(), 'examples', 'hybrid-integration.yaml'));

/** The hybrid_integration file: taken as a whole, or refused by lines that there are, in words of ours. */
export const target: FuzzTarget = {
  name: 'hybrid-integration',
  corpus: [
    example,
    caseFile('hybrid-file-not-utf8', 'hybrid-latin1.yaml'),
    'sync_scope: {agents: [a*], dns: ["71??"], queues: [VQ_1]}\nqueue_map: {VQ_1: Sales, 0071: x}\n',
    'hybrid_integration:\n  sta_default_language: en-US\nsync_scope: all\nivr_dns: ["IVR_*"]\n',
  ],
  words: [
    ...['sync_scope', 'queue_map', 'agent_map', 'ivr_dns', 'hybrid_integration', 'agents', 'dns'],
    ...[
      'queues',
      'all',
      ': ',
      '- ',
      '  ',
      '&a ',
      '*a',
      '<<: ',
      '!!binary ',
      '!x ',
      '|',
      '>-',
      '---',
    ],
    ...['...', '%YAML 1.1', '? ', '# ', '[[', ']]', '{', '}', '"\\x41"', "''", '~', 'yes', '0x1f'],
  ],
  check: (whole) => {
    // An operator's own file: some hundred kilobytes of it may take a second, once, when it changes.
    const input = whole.subarray(0, 16 * 1024);
    const reading = readHybridIntegration(input);
    if (reading.ok) {
      const { queueMap, agentMap, ivrDns, syncScope } = reading.settings;
      const texts = [queueMap, agentMap].flatMap((map) => Object.entries(map).flat());
      const scope = syncScope === undefined ? [] : Object.values(syncScope).flat();
      for (const text of [...texts, ...ivrDns, ...scope])
        assert.ok(typeof text === 'string' && text !== '' && text.length <= 255);
      return;
    }
    assert.ok(reading.problems.length > 0);
    const lines = input.toString('latin1').split(/\r\n|\r|\n/).length;
    for (const { line, reason } of reading.problems) {
      assert.ok(Number.isInteger(line) && line >= 1 && line <= lines, `line ${line} of ${lines}`);
      assert.ok(reason.length < 200, reason);
    }
  },
};
