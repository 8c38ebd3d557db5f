import type { Bench } from '../bench.js';
import { backlog } from './backlog.js';
import { capacity } from './capacity.js';
import { collect } from './collect.js';
import { ends } from './ends.js';
import { conversations } from './conversations.js';
import { events } from './events.js';
import { fleet } from './fleet.js';
import { inject } from './inject.js';
import { injectLong } from './inject-long.js';
import { latency } from './latency.js';
import { seal } from './seal.js';
import { storage } from './storage.js';

/** Every bench, in the order in which they are run. */
export const catalogue: readonly Bench[] = [
  seal,
  inject,
  injectLong,
  collect,
  events,
  ends,
  conversations,
  storage,
  backlog,
  latency,
  fleet,
  capacity,
];
