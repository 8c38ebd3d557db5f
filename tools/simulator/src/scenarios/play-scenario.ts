import { audioFixture } from '@exrec/testing';
import type { CallEvent } from '../call-events/call-event.js';
import { callEventsOf } from '../call-events/call-events-of.js';
import { postCallEvents } from '../call-events/post-call-events.js';
import { shuffled } from '../call-events/shuffled.js';
import { callIds } from '../mcp/call-ids.js';
import type { HttpAnswer, Send } from '../mcp/http-request.js';
import type { RecordedSegment } from '../mcp/media-file.js';
import {
  playSegment,
  type McpPace,
  type McpTargets,
  type PlayedSegment,
  type WebDavTarget,
} from '../mcp/mcp-player.js';
import { compileScenario, type CompiledScenario, type PlannedSegment } from './compile-scenario.js';
import type { ExpectedOutcome, Feed, Scenario } from './scenario.js';
import { atTheirTime, inTurn } from './timeline.js';

export type ExcpTarget = {
  readonly url: string;
  /** `EXCP_MCP_USERNAME` and `EXCP_MCP_PASSWORD`. */
  readonly mcpUsername?: string;
  readonly mcpPassword?: string;
  /** `EXCP_EVENTS_TOKEN`. */
  readonly eventsToken?: string;
};

export type ScenarioTargets = {
  readonly webdav: WebDavTarget;
  /** One EXCP, or the pair: each gets every call event, metadata goes to them in turn. */
  readonly excps: readonly [ExcpTarget, ...ExcpTarget[]];
  /** How MCP and the bridge send; by default once. */
  readonly send?: Send;
};

export type PlayOptions = {
  /** The same seed and time give the same ids; without it every run has ids of its own. */
  readonly seed?: string;
  /** When the call arrived, epoch ms; by default a quarter of an hour ago. */
  readonly startMs?: number;
  /** Seconds of the call that pass in one second here; `Infinity` doesn't wait at all. */
  readonly speed?: number;
  readonly pace?: Partial<McpPace>;
};

/** What one scenario sent, and how its recordings must end. */
export type PlayedScenario = {
  readonly name: string;
  readonly title: string;
  /** Of the root call: the interaction's id. */
  readonly callUUID: string;
  readonly segments: readonly (PlayedSegment & {
    readonly segment: RecordedSegment;
    readonly expected: ExpectedOutcome;
  })[];
  /** EXCP's answers to the call events. */
  readonly eventAnswers: readonly HttpAnswer[];
  readonly compiled: CompiledScenario;
};

const defaultSpeed = 40;
/** Events of so long a time travel in one request. */
const bridgeWindowMs = 10_000;
const defaultAgeMs = 15 * 60_000;
/** MCP needs a moment after the end of a recording. */
const reportDelayMs = 500;

/**
 * Plays one interaction in a few seconds: its call events and recordings go out in the order and with the
 * times (long ago) of the real thing.
 * @throws when EXCP or WebDAV can't be reached; refusals are in the result
 */
export async function playScenario(
  scenario: Scenario,
  targets: ScenarioTargets,
  options: PlayOptions = {},
): Promise<PlayedScenario> {
  // MCP's times have whole seconds.
  const startMs = Math.floor((options.startMs ?? Date.now() - defaultAgeMs) / 1000) * 1000;
  const ids = callIds(options.seed);
  const compiled = compileScenario(scenario, { ids, startMs });
  const feed = feedOf(scenario, callEventsOf(compiled.calls)).map(({ dueMs, events }) => ({
    dueMs,
    run: () => deliver(events, scenario.callEvents ?? {}, targets),
  }));
  const recordings = compiled.segments.map((planned, index) => ({
    dueMs: planned.segment.startMs + planned.segment.durationMs + reportDelayMs,
    run: () => record(planned, mcpTargets(targets, index), options.pace),
  }));
  const timeline = { startMs, speed: options.speed ?? defaultSpeed };
  const [eventAnswers, segments] = await Promise.all([
    inTurn(feed, timeline),
    atTheirTime(recordings, timeline),
  ]);
  const { name, title } = scenario;
  const { callUUID } = compiled.calls[0];
  return { name, title, callUUID, segments, eventAnswers: eventAnswers.flat(), compiled };
}

async function record(
  { segment, audio, behaviour, expected }: PlannedSegment,
  targets: McpTargets,
  pace: Partial<McpPace> = {},
) {
  const recording = { segment, audio: audioFixture(audio).bytes(), behaviour };
  return { ...(await playSegment(recording, targets, pace)), segment, expected };
}

/** Each EXCP of the pair gets the events at the same moment, as from a real SIP Server. */
async function deliver(
  events: readonly CallEvent[],
  { form, times = 1 }: Feed,
  { excps, send }: ScenarioTargets,
): Promise<HttpAnswer[]> {
  if (form === 'none') return [];
  const answers = excps.map(async ({ url, eventsToken }) => {
    const target = {
      url,
      ...(eventsToken === undefined ? {} : { token: eventsToken }),
      ...(send === undefined ? {} : { send }),
    };
    const rounds: HttpAnswer[] = [];
    for (let round = 0; round < times; round++) {
      rounds.push(...(await postCallEvents(events, target, form)));
    }
    return rounds;
  });
  return (await Promise.all(answers)).flat();
}

/** The requests that carry the events: a bridge collects what happens within some seconds. */
function feedOf(scenario: Scenario, events: readonly CallEvent[]) {
  const timeMs = (event: CallEvent) => Date.parse(event.time);
  const windows = scenario.callEvents?.shuffled
    ? [shuffled(events, scenario.name)]
    : [...groupedBy(events, (event) => Math.floor(timeMs(event) / bridgeWindowMs)).values()];
  return windows.map((window) => ({ dueMs: Math.max(...window.map(timeMs)), events: window }));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** The load balancer gives the metadata to the EXCPs in turn. */
function mcpTargets({ webdav, excps, send }: ScenarioTargets, index: number): McpTargets {
  const { url, mcpUsername, mcpPassword } = excps[index % excps.length] ?? excps[0];
  const username = mcpUsername === undefined ? {} : { username: mcpUsername };
  const password = mcpPassword === undefined ? {} : { password: mcpPassword };
  const sending = send === undefined ? {} : { send };
  return { webdav: { ...webdav, ...sending }, excp: { url, ...username, ...password, ...sending } };
}
