import { decideSta, type QueueMap, type StaDecision, type StaSnapshot } from '@exrec/sta-resolver';
import * as z from 'zod';
import {
  ownValue,
  scopeOf,
  textOf,
  type ScopeDecision,
  type SyncScope,
} from '../interaction/index.js';
import type { LanguageSettings } from '../rules/settings-history.js';

/** The settings in force that an STA decision needs. */
export type StaSettings = LanguageSettings & {
  readonly queueMap: QueueMap;
  /** undefined: everything is in scope */
  readonly syncScope?: SyncScope | undefined;
};

const name = z.string().trim().min(1).max(255);

export const staQuestionSchema = z.strictObject({
  /** Origination queue by its Engage name; null or left out: reached without a queue. */
  queue: name.nullish(),
  /** Who is recorded: for the sync scope alone. */
  agent: name.nullish(),
  dn: name.nullish(),
  /** Attached data as they stand when the agent answers. */
  userData: z.record(z.string(), z.unknown()).nullish(),
  recordedParty: z.enum(['agent', 'trunk']),
});

/** What an administrator wants to know before the call. */
export type StaQuestion = z.infer<typeof staQuestionSchema>;

export type StaFacts = {
  readonly snapshot: StaSnapshot | null;
  readonly settings: StaSettings;
};

export type StaPreview = StaDecision & {
  readonly scope: ScopeDecision;
  /** null: none, or Genesys Cloud gave it no name */
  readonly programName: string | null;
};

/** The decision that a segment recorded now would get, with its trail. Pure. */
export function previewSta(
  { snapshot, settings }: StaFacts,
  { queue, agent, dn, userData, recordedParty }: StaQuestion,
): StaPreview {
  const { languageKey, defaultLanguage, queueMap, syncScope } = settings;
  const decision = decideSta({
    snapshot,
    recordedParty,
    queue: queue ? { name: queue } : null,
    queueMap,
    userDataLanguage: languageKey === null ? null : textOf(ownValue(userData ?? {}, languageKey)),
    staDefaultLanguage: defaultLanguage,
  });
  const subject = { agentId: agent ?? undefined, dn: dn ?? undefined, queue: queue ?? undefined };
  return {
    ...decision,
    scope: scopeOf(subject, syncScope),
    programName: decision.requested ? programNameIn(snapshot, decision.programId) : null,
  };
}

export function programNameIn(snapshot: StaSnapshot | null, programId: string): string | null {
  const known = [snapshot?.defaultProgram, ...(snapshot?.queues ?? []).map((one) => one.program)];
  return known.find((program) => program?.id === programId)?.name ?? null;
}
