import { decideSta, type QueueMap, type StaDecision, type StaSnapshot } from '@exrec/sta-resolver';
import * as z from 'zod';
import { ownValue, textOf } from '../interaction/index.js';
import type { LanguageSettings } from '../rules/settings-history.js';

/** The settings in force that an STA decision needs. */
export type StaSettings = LanguageSettings & { readonly queueMap: QueueMap };

const name = z.string().trim().min(1).max(255);

export const staQuestionSchema = z.strictObject({
  /** Origination queue by its Engage name; null or left out: reached without a queue. */
  queue: name.nullish(),
  /** Attached data as they stand when the agent answers. */
  userData: z.record(z.string(), z.json()).nullish(),
  recordedParty: z.enum(['agent', 'trunk']),
});

/** What an administrator wants to know before the call. */
export type StaQuestion = z.infer<typeof staQuestionSchema>;

/** The decision that a segment recorded now would get, with its trail. Pure. */
export function previewSta(
  { snapshot, settings }: { snapshot: StaSnapshot | null; settings: StaSettings },
  { queue, userData, recordedParty }: StaQuestion,
): StaDecision {
  const { languageKey, defaultLanguage, queueMap } = settings;
  return decideSta({
    snapshot,
    recordedParty,
    queue: queue ? { name: queue } : null,
    queueMap,
    userDataLanguage: languageKey === null ? null : textOf(ownValue(userData ?? {}, languageKey)),
    staDefaultLanguage: defaultLanguage,
  });
}
