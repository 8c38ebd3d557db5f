import { caseFile } from '@exrec/testing';
import { readHybridIntegration } from './read-hybrid-integration.js';

it('hybrid-latin1.yaml is refused with the line that is not UTF-8', () => {
  const reading = readHybridIntegration(caseFile('hybrid-file-not-utf8', 'hybrid-latin1.yaml'));
  expect(reading).toMatchObject({ ok: false, problems: [{ line: 4 }] });
});
