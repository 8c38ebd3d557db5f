import type { Contact } from '../contact/contact.js';
import type { Leg } from '../legs/leg.js';
import type { NamedLeg } from '../legs/name-legs.js';
import type { ConversationOptions } from '../options.js';

export type ValueFacts = {
  readonly contact: Contact;
  readonly options: ConversationOptions;
  readonly sourceId: string;
  /** The agent who called; of an internal call, or of a call that an agent made by hand. */
  readonly caller: NamedLeg | undefined;
  readonly initiators: ReadonlyMap<string, NamedLeg | undefined>;
};

/** The values of an established event (docs/design/CONVERSATIONS.md#24-field-values), but for `invitedBy`; none of what is undefined. */
export function establishedFields(leg: NamedLeg, facts: ValueFacts): Record<string, unknown> {
  const call = facts.contact.calls.find(({ callUUID }) => callUUID === leg.callUUID);
  return {
    ani: numberText(call?.ani),
    dnis: numberText(call?.dnis),
    ...placeFields(leg),
    initialConfiguration: {
      audioState: { canHear: true, canSpeak: true },
      alerting: leg.alerting,
      inbound: isInbound(leg, facts),
      recordingActive: isRecorded(leg, facts.options),
      additionalInfo: additionalInfo(leg),
    },
    sourceConfiguration: {
      sourceId: facts.sourceId,
      interactionId: leg.conversation,
      tagId: leg.conversation,
    },
  };
}

function placeFields({ kind, userId, queueId, place }: NamedLeg): Record<string, unknown> {
  switch (kind) {
    case 'user':
      return { userId, afterCallWorkRequired: false, queueId };
    case 'routing':
      return { queueId };
    case 'phone':
      return { phoneNumber: place };
    case 'ivr':
      return { ivrName: place };
    case 'external':
      return {};
  }
}

/** With respect to the contact centre; who calls from within it goes out. */
function isInbound(leg: NamedLeg, { contact, caller, initiators }: ValueFacts): boolean {
  if (leg.isConsult) return initiators.get(leg.callUUID) !== leg;
  if (contact.direction === 'internal') return leg !== caller;
  return contact.direction === 'inbound';
}

/** Learnt from MCP only at the end, and it can't be told later: so it is told of everybody who may be recorded. */
function isRecorded(
  { role, kind, recordings }: Leg,
  { recordedParties }: ConversationOptions,
): boolean {
  if (recordings.length > 0) return true;
  if (role === 'agent') return recordedParties.includes('agents');
  return kind === 'external' && recordedParties.includes('trunks');
}

/** Nothing from user data: it may be personal. */
function additionalInfo({ callUUID, place, agentId, queue, role }: Leg) {
  return { callUUID, dn: role === 'queue' ? undefined : place, agentId, queue };
}

/** As Engage gives it, without spaces. */
function numberText(number: string | undefined): string | undefined {
  const text = number?.replaceAll(/\s/g, '');
  return text === '' ? undefined : text;
}
