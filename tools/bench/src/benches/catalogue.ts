import type { Bench } from '../bench.js';
import { inject } from './inject.js';
import { injectLong } from './inject-long.js';
import { seal } from './seal.js';

/** Every bench, in the order in which they are run. */
export const catalogue: readonly Bench[] = [seal, inject, injectLong];
