import { audioFixture, type AudioFixtureName } from '@exrec/testing';
import type { Happening, PartyPresence, ScriptedCall } from '../call-events/scripted-call.js';
import type { CallIds } from '../mcp/call-ids.js';
import { usualForm, type McpBehaviour } from '../mcp/mcp-behaviour.js';
import { mediaIdOf, type RecordedSegment } from '../mcp/media-file.js';
import { agentDns, trunkDn } from './contact-centre.js';
import type { AgentStep, ExpectedOutcome, Scenario, Step, TrunkStep } from './scenario.js';

/** A recording to be made: what MCP knows, what it does, and how it must end. */
export type PlannedSegment = {
  readonly segment: RecordedSegment;
  readonly audio: AudioFixtureName;
  readonly behaviour: McpBehaviour;
  readonly expected: ExpectedOutcome;
};

/** A scenario with ids and times: the calls as SIP Server sees them, the recordings as MCP sees them. */
export type CompiledScenario = {
  /** The root call, then its consult call if there is one. */
  readonly calls: readonly [ScriptedCall, ...ScriptedCall[]];
  /** In order of their end, which is when MCP reports them. */
  readonly segments: readonly PlannedSegment[];
};

const ringSeconds = 2;
const hangUpSeconds = 1;
const dialedNumber = '8005550100';

/** Gives a scenario its ids and times; the same ids and the same `startMs` give the same result. */
export function compileScenario(
  scenario: Scenario,
  { ids, startMs }: { readonly ids: CallIds; readonly startMs: number },
): CompiledScenario {
  const consultSteps = scenario.steps.filter(isOnConsult);
  const rootSteps = scenario.steps.filter((step) => !isOnConsult(step));
  const root: ScriptedCall = {
    ...newIds(ids),
    callType: 'Inbound',
    ani: callerNumber(ids),
    dnis: dialedNumber,
    ...spanOf(rootSteps, startMs, 0),
    ...(scenario.userData === undefined ? {} : { userData: scenario.userData }),
    happenings: [...trunkPresence(rootSteps, startMs), ...happeningsOf(rootSteps, startMs)],
  };
  const calls: [ScriptedCall, ...ScriptedCall[]] = [root];
  const [first] = consultSteps;
  if (first !== undefined) {
    calls.push({
      ...newIds(ids),
      parentCallUUID: root.callUUID,
      callType: 'Consult',
      ani: 'agent' in first ? agentDns[first.agent] : root.ani,
      dnis: consultSteps.find((step) => 'queue' in step)?.queue ?? dialedNumber,
      ...spanOf(consultSteps, startMs, first.at),
      happenings: happeningsOf(consultSteps, startMs),
    });
  }
  const mcpStartMs = startMs + (scenario.mcpAheadSeconds ?? 0) * 1000;
  const segments = scenario.steps.flatMap((step) => {
    const call = isOnConsult(step) ? (calls[1] ?? root) : root;
    return plannedSegment(step, call, { ids, mcpStartMs });
  });
  const endMs = ({ segment }: PlannedSegment) => segment.startMs + segment.durationMs;
  return { calls, segments: segments.sort((left, right) => endMs(left) - endMs(right)) };
}

function plannedSegment(
  step: Step,
  call: ScriptedCall,
  { ids, mcpStartMs }: { readonly ids: CallIds; readonly mcpStartMs: number },
): PlannedSegment[] {
  if (!('agent' in step || 'trunk' in step) || step.audio === undefined) return [];
  const { audio, mcp: behaviour = {}, expect: expected, parameters } = step;
  const startMs = mcpStartMs + step.at * 1000;
  const { callUUID, connID, ani, dnis } = call;
  const segment: RecordedSegment = {
    mediaId: mediaIdOf({ callUUID, startMs }, { ...usualForm, ...behaviour.form }.names, ids),
    ...{ callUUID, connID, ani, dnis, startMs },
    durationMs: audioFixture(audio).durationMs(),
    ...('agent' in step
      ? { recordDN: agentDns[step.agent], agentId: step.agent }
      : { recordDN: step.trunk }),
    ...(parameters === undefined ? {} : { parameters }),
  };
  return [{ segment, audio, behaviour, expected }];
}

function happeningsOf(steps: readonly Step[], startMs: number): Happening[] {
  const ms = (seconds: number) => startMs + seconds * 1000;
  return steps.flatMap((step): Happening[] => {
    if ('data' in step) return [{ kind: 'data', atMs: ms(step.at), userData: step.data }];
    if ('agent' in step) return [agentPresence(step, ms)];
    if ('trunk' in step) return [];
    const { queue, at, until, to } = step;
    const visit = { kind: 'queue' as const, queue, fromMs: ms(at), untilMs: ms(until) };
    return [to === undefined ? visit : { ...visit, toDn: agentDns[to] }];
  });
}

function agentPresence(step: AgentStep, ms: (seconds: number) => number): PartyPresence {
  const { agent, at, hold } = step;
  return {
    kind: 'party',
    dn: agentDns[agent],
    partyType: 'agent',
    agentId: agent,
    ...(step.putThrough ? {} : { ringingMs: ms(at - ringSeconds) }),
    fromMs: ms(at),
    untilMs: ms(endOf(step)),
    ...(hold === undefined ? {} : { holds: [{ fromMs: ms(hold[0]), untilMs: ms(hold[1]) }] }),
  };
}

/** The caller comes in over the trunk and stays to the end. */
function trunkPresence(steps: readonly Step[], startMs: number): PartyPresence[] {
  const { endMs } = spanOf(steps, startMs, 0);
  return [{ kind: 'party', dn: trunkDn, partyType: 'trunk', fromMs: startMs, untilMs: endMs }];
}

function spanOf(steps: readonly Step[], startMs: number, fromSeconds: number) {
  const lastSeconds = Math.max(...steps.map(endOf));
  return { startMs: startMs + fromSeconds * 1000, endMs: startMs + lastSeconds * 1000 };
}

/** Seconds at which a step is over; a recorded party stays until just after the recording. */
function endOf(step: Step): number {
  if ('data' in step) return step.at;
  if ('queue' in step) return step.until;
  return ('until' in step ? step.until : undefined) ?? step.at + recordedSeconds(step);
}

function recordedSeconds({ audio }: AgentStep | TrunkStep): number {
  const durationMs = audio === undefined ? 0 : audioFixture(audio).durationMs();
  return Math.ceil(durationMs / 1000) + hangUpSeconds;
}

function isOnConsult(step: Step): boolean {
  return 'consult' in step;
}

function newIds(ids: CallIds) {
  return { callUUID: ids.callUUID(), connID: ids.connID() };
}

function callerNumber(ids: CallIds): string {
  const line = Number.parseInt(ids.gvpId(), 16) % 10_000;
  return `+4930555${line.toString().padStart(4, '0')}`;
}
