import { fuzzBriefly } from '@exrec/testing/fuzz';
import { target } from './propfind.fuzz.js';

it('any body of a PROPFIND is read as promised', () => fuzzBriefly(target));
