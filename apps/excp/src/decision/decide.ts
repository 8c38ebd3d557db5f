import type { InjectionRequest } from '@exrec/gc-metadata';
import { decideSta, type StaDecision } from '@exrec/sta-resolver';
import {
  attributeSegment,
  scopeOf,
  type Interaction,
  type Pin,
  type ScopeDecision,
  type SegmentAttribution,
  type SegmentMetadata,
} from '../interaction/index.js';
import { injectionRequest } from './injection-request.js';
import type { Rules } from '../rules/rules.js';
import type { StaConfiguration } from './sta-configuration.js';

/** Why a segment is sent or not, and with which program and language or without (docs/design/DESIGN.md#decisions (8)). */
export type SegmentDecision = {
  readonly scope: ScopeDecision;
  readonly sta: StaDecision;
  /** The user of the agent, by `agent_map` or a login that is an e-mail; null: not known to GC. */
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
  /** The complete body for EXRP. */
  readonly request: InjectionRequest;
  /** The ids that the request tells. */
  readonly pin: Pin;
};

/** Decides about one segment of an interaction. Pure: the same facts give the same decision. */
export function decideSegment(
  interaction: Interaction,
  segment: SegmentMetadata,
  { rules, configuration }: DecisionFacts,
): DecidedSegment {
  const attribution = attributionFor(interaction, segment, rules);
  const { agentId, dn, queue, recordedParty, language, answeredAtMs } = attribution;
  const decision = {
    scope: scopeOf({ agentId, dn, queue }, rules.syncScope),
    sta: decideSta({
      snapshot: configuration.snapshot(),
      recordedParty,
      queue: queue === undefined ? null : { name: queue },
      queueMap: rules.queueMap,
      userDataLanguage: language,
      staDefaultLanguage: rules.languageSettingsAt(answeredAtMs).defaultLanguage ?? undefined,
    }),
    gcUserId: agentId === undefined ? null : (configuration.userIdOf(agentId) ?? null),
  };
  const { callUUID, ordinal, startMs, conversationRoot: rootCallUUID } = attribution;
  return {
    segment,
    attribution,
    decision,
    request: injectionRequest(interaction, { segment, attribution, decision }),
    pin: { callUUID, dn, ordinal, startMs, rootCallUUID },
  };
}

/** Whose segment it is. When the agent answered decides which settings count, and those which user data. */
export function attributionFor(
  interaction: Interaction,
  segment: SegmentMetadata,
  { keyNames, languageSettingsAt }: Rules,
): SegmentAttribution {
  const { answeredAtMs } = attributeSegment(interaction, segment, keyNames);
  const languageKey = languageSettingsAt(answeredAtMs).languageKey ?? undefined;
  return attributeSegment(interaction, segment, { ...keyNames, languageKey });
}
