import { setTimeout as sleep } from 'node:timers/promises';
import {
  playScenario,
  sampleCalls,
  type PlayedScenario,
  type Scenario,
  type ScenarioTargets,
} from '@exrec/simulator';
import { mcpUsername, secrets, storageUsername } from '../system/settings.js';
import type { System } from '../system/system.js';
import { persistent } from './persistent.js';

/** A name that no log, spool or database may hold, as user data of every call. */
export const plantedName = 'Quintessa Planted-Customer';

export type CallsOptions = {
  readonly system: Pick<System, 'mcp' | 'gc'>;
  readonly seed: number;
  readonly perSecond: number;
  /** Which calls, in turn; default: all sample calls. */
  readonly scenarios?: readonly Scenario[];
  /** Seconds of a call that pass in one. */
  readonly speed?: number;
  /** Asked before each with how many are being played: where the machine is too busy the rate falls, and no backlog grows. */
  readonly mayBegin?: (open: number) => boolean;
  /** What this process was too late to begin is begun as soon as it can: the rate is that of the calls, not its own. */
  readonly catchesUp?: boolean;
  /** @param dueAtMs when it was to begin, epoch ms */
  readonly onPlayed?: (call: PlayedScenario, dueAtMs: number) => void;
};

export type Calls = {
  /** Calls of which every event and recording was taken. */
  readonly played: readonly PlayedScenario[];
  readonly begun: () => number;
  /** What MCP and the bridge were answered, and how often. */
  readonly answers: ReadonlyMap<string, number>;
  /** Begins no more calls. */
  end(): void;
  /** Resolves when everything that was begun has been taken. @throws after `timeoutMs`, with how many were not */
  finished(timeoutMs: number): Promise<void>;
};

/** Plays the sample calls one after the other at a steady rate, each until all of it was taken. */
export function startCalls(options: CallsOptions): Calls {
  const { system, seed, perSecond, scenarios, speed, mayBegin = () => true } = options;
  const startMs = Date.now();
  const kinds = (scenarios ?? sampleCalls()).map(prepared);
  const { send, answers, stop } = persistent();
  const targets: ScenarioTargets = {
    webdav: {
      url: system.mcp.storage,
      ...{ username: storageUsername, password: secrets.storagePassword },
    },
    excps: [
      {
        url: system.mcp.excp,
        ...{ mcpUsername, mcpPassword: secrets.mcpPassword, eventsToken: secrets.eventsToken },
      },
    ],
    send,
  };
  const played: PlayedScenario[] = [];
  const running = new Set<Promise<void>>();
  let begun = 0;
  const dueMs = () => startMs + (begun * 1_000) / perSecond;
  /** Gives whether one was begun. */
  const begin = (): boolean => {
    const scenario = kinds[begun % kinds.length];
    if (scenario === undefined || !mayBegin(running.size)) return false;
    const dueAtMs = options.catchesUp === true ? dueMs() : Date.now();
    const play = { seed: `${seed}/${begun}`, ...(speed === undefined ? {} : { speed }) };
    const call = playScenario(scenario, targets, play).then(
      (done) => {
        played.push(done);
        options.onPlayed?.(done, dueAtMs);
      },
      // Given up: it is missing in what was played.
      () => undefined,
    );
    begun += 1;
    running.add(call);
    void call.then(() => running.delete(call));
    return true;
  };
  begin();
  const tick = () => {
    if (options.catchesUp !== true) begin();
    else while (dueMs() <= Date.now() && begin());
  };
  const timer = setInterval(tick, 1_000 / perSecond);
  return {
    played,
    answers,
    begun: () => begun,
    end: () => clearInterval(timer),
    finished: async (timeoutMs) => {
      await Promise.race([Promise.all(running), sleep(timeoutMs, undefined, { ref: false })]);
      const open = running.size;
      if (open === 0) return;
      stop();
      await Promise.all(running);
      throw new Error(`${open} of ${begun} calls were not taken within ${timeoutMs / 1000} s`);
    },
  };
}

/** With a name planted, and in one request where the order is any: half of it may not be late by an outage. */
function prepared(scenario: Scenario): Scenario {
  const { callEvents } = scenario;
  return {
    ...scenario,
    userData: { ...scenario.userData, customer_name: plantedName },
    ...(callEvents?.shuffled === true ? { callEvents: { ...callEvents, form: 'array' } } : {}),
  };
}
