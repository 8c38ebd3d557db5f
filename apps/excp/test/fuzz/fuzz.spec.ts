import { fuzzBriefly } from '@exrec/testing/fuzz';
import { target as callEvents } from './call-events.fuzz.js';
import { target as hybridIntegration } from './hybrid-integration.fuzz.js';
import { target as metadata } from './metadata.fuzz.js';
import { target as rwsAnswers } from './rws-answers.fuzz.js';

it.each([
  [metadata.name, metadata],
  [callEvents.name, callEvents],
  [rwsAnswers.name, rwsAnswers],
  [hybridIntegration.name, hybridIntegration],
])('any %s are read as promised', (_name, target) => fuzzBriefly(target));
