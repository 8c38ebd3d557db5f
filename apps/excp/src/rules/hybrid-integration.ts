import type { SyncScope } from '../interaction/index.js';

/** The settings of the hybrid_integration file (docs/design/CONTRACTS.md#61-hybrid_integration-file). */
export interface HybridIntegration {
  readonly staDefaultLanguage?: string | undefined;
  readonly staUserdataLanguageKey?: string | undefined;
  /** Undefined: everything is in scope. */
  readonly syncScope?: SyncScope | undefined;
  /** It says `sync_scope: all`, so that nobody has to ask whether the scope was forgotten (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (4)). */
  readonly isWholeInScope?: boolean | undefined;
  /** DNs of IVR ports: patterns with `*` and `?`. */
  readonly ivrDns: readonly string[];
  /** Engage queue → GC queue name or id. */
  readonly queueMap: Readonly<Record<string, string>>;
  /** Engage login → GC user e-mail or id. */
  readonly agentMap: Readonly<Record<string, string>>;
}

/** Names keys of the file's own format, never what an operator wrote into it. */
export interface FileProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

export type HybridIntegrationReading =
  | { readonly ok: true; readonly settings: HybridIntegration }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };
