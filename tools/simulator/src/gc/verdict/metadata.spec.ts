import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMetadata } from './metadata.js';

const examples = join(__dirname, '../../../../../libs/gc-metadata/examples');

it.each(readdirSync(examples))(
  'takes the example %s: no reason of ours is unknown to it',
  (name) => {
    const reading = readMetadata(readFileSync(join(examples, name)));
    expect(reading.problems).toEqual([]);
  },
);
