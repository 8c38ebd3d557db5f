import { fuzzBriefly } from '@exrec/testing/fuzz';
import { target } from './multistatus.fuzz.js';

it('any answer to a PROPFIND is read as promised', () => fuzzBriefly(target));
