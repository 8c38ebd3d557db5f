import { fuzzBriefly } from '@exrec/testing/fuzz';
import { target as keys } from './keys.fuzz.js';
import { target as ogg } from './ogg.fuzz.js';
import { target as reports } from './reports.fuzz.js';

it.each([
  [ogg.name, ogg, 300],
  [reports.name, reports, 300],
  [keys.name, keys, 100],
])('any %s are read as promised', (_name, target, runs) => fuzzBriefly(target, runs));
