import type { HybridIntegration } from './hybrid-integration.js';
import type { KeyNames, SyncScope } from '../interaction/index.js';
import type { LanguageSettings } from './settings-history.js';

/** What an operator has settled about segments: the settings and the hybrid_integration file (docs/design/CONTRACTS.md#61-hybrid_integration-file). */
export type Rules = {
  readonly keyNames: KeyNames;
  readonly staDefaultLanguage: string | undefined;
  /** The STA settings that were in force when an agent answered, epoch ms (they may change while we run). */
  readonly languageSettingsAt: (timeMs: number) => LanguageSettings;
  /** undefined: everything is in scope */
  readonly syncScope: SyncScope | undefined;
  /** DNs of IVR ports. */
  readonly ivrDns: readonly string[];
  readonly queueMap: Readonly<Record<string, string>>;
  readonly agentMap: Readonly<Record<string, string>>;
};

export type RuleSettings = {
  readonly EXCP_QUEUE_PARAMETER: string;
  readonly STA_DEFAULT_LANGUAGE: string | undefined;
  readonly STA_USERDATA_LANGUAGE_KEY: string | undefined;
};

/** Where the rules come from; undefined: there are none that could be used, and nothing may be decided. */
export interface RuleSource {
  current(): Rules | undefined;
}

/** The settings win over the file. */
export function rulesOf(settings: RuleSettings, file: HybridIntegration | undefined): Rules {
  const languageKey = settings.STA_USERDATA_LANGUAGE_KEY ?? file?.staUserdataLanguageKey;
  const staDefaultLanguage = settings.STA_DEFAULT_LANGUAGE ?? file?.staDefaultLanguage;
  const present = { defaultLanguage: staDefaultLanguage ?? null, languageKey: languageKey ?? null };
  return {
    keyNames: { queueParameter: settings.EXCP_QUEUE_PARAMETER, languageKey },
    staDefaultLanguage,
    languageSettingsAt: () => present,
    syncScope: file?.syncScope,
    ivrDns: file?.ivrDns ?? [],
    queueMap: file?.queueMap ?? {},
    agentMap: file?.agentMap ?? {},
  };
}
