import { decideSta, type StaDecision } from '@exrec/sta-resolver';
import {
  attributeSegment,
  scopeOf,
  type Interaction,
  type ScopeDecision,
  type SegmentAttribution,
  type SegmentMetadata,
} from '../interaction/index.js';
import type { Rules } from './rules.js';
import type { StaConfiguration } from './sta-configuration.js';

/** Why a segment is sent or not, and with which program and language or without (DESIGN decision 8). */
export type SegmentDecision = {
  readonly scope: ScopeDecision;
  readonly sta: StaDecision;
  /** The user of the agent, by `agent_map`; null: not mapped, or not known to GC. */
  readonly gcUserId: string | null;
};

export type DecisionFacts = {
  readonly rules: Rules;
  readonly configuration: Pick<StaConfiguration, 'snapshot' | 'userIdOf'>;
};

export type DecidedSegment = {
  readonly segment: SegmentMetadata;
  readonly attribution: SegmentAttribution;
  readonly decision: SegmentDecision;
};

/** Decides about one segment of an interaction. Pure: the same facts give the same decision. */
export function decideSegment(
  interaction: Interaction,
  segment: SegmentMetadata,
  { rules, configuration }: DecisionFacts,
): DecidedSegment {
  // When the agent answered decides which settings count; what the user data said follows from those.
  const { answeredAtMs } = attributeSegment(interaction, segment, rules.keyNames);
  const inForce = rules.languageSettingsAt(answeredAtMs);
  const attribution = attributeSegment(interaction, segment, {
    ...rules.keyNames,
    languageKey: inForce.languageKey ?? undefined,
  });
  const { agentId, dn, queue, recordedParty, language } = attribution;
  const decision = {
    scope: scopeOf({ agentId, dn, queue }, rules.syncScope),
    sta: decideSta({
      snapshot: configuration.snapshot(),
      recordedParty,
      queue: queue === undefined ? null : { name: queue },
      queueMap: rules.queueMap,
      userDataLanguage: language,
      staDefaultLanguage: inForce.defaultLanguage ?? undefined,
    }),
    gcUserId: agentId === undefined ? null : configuration.userIdOf(agentId),
  };
  return { segment, attribution, decision };
}
