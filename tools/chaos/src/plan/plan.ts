import {
  instanceNames,
  plainLinks,
  redisLinks,
  type Fault,
  type LinkTrouble,
  type PlannedFault,
  type RedisForm,
} from './fault.js';
import { gcFaults } from './genesys-cloud.js';
import { randomOf, type Random } from './random.js';

export type PlanOptions = {
  readonly seed: number;
  /** How long faults begin and last. */
  readonly seconds: number;
  readonly form: RedisForm;
};

export type Plan = {
  readonly balancer: 'nginx' | 'haproxy';
  /** In the order of their beginnings; never two at the same time to the same process or link. */
  readonly faults: readonly PlannedFault[];
};

type Draw = {
  readonly fault: (random: Random) => Fault;
  readonly seconds: readonly [from: number, to: number];
};

const services = instanceNames;
const links = (form: RedisForm) =>
  form === 'single' ? [...plainLinks, ...redisLinks] : plainLinks;

/**
 * Everything that may happen, as often as it is to happen. Each deck is shuffled and dealt whole before the next one, so
 * that a short run meets every kind, too.
 */
function deckOf(form: RedisForm): readonly Draw[] {
  const draw = (seconds: Draw['seconds'], fault: Draw['fault']): Draw => ({ seconds, fault });
  const link = (seconds: Draw['seconds'], trouble: (random: Random) => LinkTrouble) =>
    draw(seconds, (random) => ({
      kind: 'link',
      who: random.pick(links(form)),
      trouble: trouble(random),
    }));
  const gc = draw([3, 8], (random) => ({
    kind: 'genesys-cloud',
    who: 'genesys-cloud',
    ...random.pick(gcFaults),
  }));
  return [
    draw([1, 6], (random) => ({ kind: 'kill', who: random.pick(services) })),
    draw([1, 6], (random) => ({ kind: 'kill', who: random.pick(services) })),
    draw([3, 12], (random) => ({ kind: 'hang', who: random.pick(services) })),
    draw([3, 12], (random) => ({ kind: 'hang', who: random.pick(services) })),
    draw([1, 3], (random) => ({ kind: 'restart', who: random.pick([...services, 'balancer']) })),
    draw([8, 14], (random) => ({
      kind: 'clock',
      who: random.pick(services),
      aheadSeconds: random.pick([-90_000, -60, 60, 90_000]),
    })),
    draw([4, 8], (random) => ({ kind: 'disk-full', who: random.pick(['exrp-1', 'exrp-2']) })),
    draw([2, 8], (random) => ({ kind: random.pick(['kill', 'hang']), who: 'postgres' })),
    ...redisDraws(form).map(({ seconds, fault }) => draw(seconds, fault)),
    link([4, 8], (random) => ({ how: 'latency', latencyMs: random.between(50, 800) })),
    link([4, 8], (random) => ({ how: 'reset', afterBytes: random.between(1, 4_000) })),
    link([3, 8], () => ({ how: 'stall' })),
    link([2, 6], () => ({ how: 'refuse' })),
    link([4, 8], (random) => ({ how: 'split', pieceBytes: random.between(20, 400) })),
    ...[gc, gc, gc, gc],
  ];
}

/** One for each deck: with two at once the machine that has what was acknowledged, and its copy, may both be gone. */
function redisDraws(form: RedisForm): readonly Draw[] {
  const who = 'redis';
  if (form === 'single')
    return [
      {
        seconds: [2, 8],
        fault: (random) => ({ kind: random.pick(['kill', 'hang', 'restart']), who }),
      },
    ];
  // Longer than Sentinel or Cluster wait, and shorter.
  return [
    {
      seconds: [2, 14],
      fault: (random) => ({ kind: random.pick(['kill', 'hang', 'failover', 'failover']), who }),
    },
  ];
}

const pauseMs = [1_000, 4_500] as const;
/** Until the same thing is touched again: what was healed has to come back first. */
const restMs = { redis: 25_000, other: 4_000 } as const;

/** The faults of a run: a function of the seed alone, so that a run can be repeated. */
export function planOf({ seed, seconds, form }: PlanOptions): Plan {
  const random = randomOf(`${form}/${seed}`);
  const balancer = random.pick(['nginx', 'haproxy'] as const);
  const endMs = seconds * 1_000;
  const freeAtMs = new Map<string, number>();
  const faults: PlannedFault[] = [];
  let deck: Draw[] = [];
  let atMs = random.between(...pauseMs);
  while (atMs < endMs) {
    if (deck.length === 0) deck = random.shuffled(deckOf(form));
    const card = deck.pop();
    if (card === undefined) break;
    const fault = card.fault(random);
    const [from, to] = card.seconds;
    const forMs = random.between(from * 1_000, to * 1_000);
    const isFree = (freeAtMs.get(fault.who) ?? 0) <= atMs;
    if (isFree && atMs + forMs <= endMs) {
      faults.push({ atMs, forMs, fault });
      freeAtMs.set(fault.who, atMs + forMs + (fault.who === 'redis' ? restMs.redis : restMs.other));
    }
    atMs += random.between(...pauseMs);
  }
  return { balancer, faults };
}
