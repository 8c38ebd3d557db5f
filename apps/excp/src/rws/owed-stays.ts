import {
  agentsHeard,
  attributeSegment,
  type Interaction,
  type Party,
  type SegmentAttribution,
  type SegmentMetadata,
} from '../interaction/index.js';

export type StayCount = {
  /** Answered stays of agents: RWS owes a segment for each of them (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (5)). */
  readonly staysAnswered: number;
  /** How many of them have one; a segment that fits nobody may be anybody's. */
  readonly staysRecorded: number;
};

/**
 * Segments that are there already count, whoever brought them; those of trunks don't. A file that holds at least half
 * of a stay of its agent is that stay's, too: recording may go on from a consult call into the transfer.
 */
export function countStays(
  interaction: Interaction,
  pulled: readonly SegmentMetadata[],
): StayCount {
  const heard = agentsHeard(interaction.parties).filter((stay) => !isInitiator(interaction, stay));
  const all = new Map(
    [...interaction.segments, ...pulled].map((segment) => [segment.mediaId, segment]),
  );
  const recorded = new Set<Party>();
  let anybodys = 0;
  for (const segment of all.values()) {
    const owner = attributeSegment(interaction, segment, { queueParameter: '' });
    if (owner.recordedParty === 'trunk') continue;
    const ofAgent = heard.filter((stay) => isSameAgent(stay, owner));
    if (ofAgent.length === 0) anybodys += 1;
    for (const stay of ofAgent) {
      if (isSameStay(stay, owner) || holdsHalf(segment, stay)) recorded.add(stay);
    }
  }
  return { staysAnswered: heard.length, staysRecorded: recorded.size + anybodys };
}

/** Who makes a consult call answers nothing, and is recorded on the call that he has already. */
function isInitiator({ calls, parties }: Interaction, stay: Party): boolean {
  const isConsult = calls.some(
    (call) => call.callUUID === stay.callUUID && call.parentCallUUID !== undefined,
  );
  const hasRung = stay.intervals.some(({ state }) => state === 'ringing');
  const isElsewhere = parties.some(
    ({ dn, callUUID, addedAtMs }) =>
      dn === stay.dn && callUUID !== stay.callUUID && addedAtMs <= stay.addedAtMs,
  );
  return isConsult && !hasRung && isElsewhere;
}

function isSameAgent(stay: Party, { agentId, dn }: SegmentAttribution): boolean {
  return stay.agentId === undefined || agentId === undefined
    ? stay.dn === dn
    : stay.agentId === agentId;
}

function isSameStay(stay: Party, { callUUID, dn, ordinal }: SegmentAttribution): boolean {
  return stay.callUUID === callUUID && stay.dn === dn && stay.ordinal === ordinal;
}

function holdsHalf({ startMs, stopMs }: SegmentMetadata, stay: Party): boolean {
  const fromMs = stay.establishedAtMs ?? stay.addedAtMs;
  const toMs = stay.goneAtMs ?? stopMs;
  const sharedMs = Math.min(stopMs, toMs) - Math.max(startMs, fromMs);
  return sharedMs > 0 && sharedMs * 2 >= toMs - fromMs;
}
