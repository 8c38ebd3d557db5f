import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.js';
import { configurationDocument } from './configuration-document.js';

const file = join(__dirname, '../../../../docs/configuration.md');

it('is docs/configuration.md; `npm run docs` writes it anew', () => {
  expect(readFileSync(file, 'utf8')).toBe(configurationDocument());
});

it.each(Object.keys(catalogue))('has exactly one row for %s', (name) => {
  const rows = configurationDocument().split(`\n| \`${name}\` |`);
  expect(rows).toHaveLength(2);
});
