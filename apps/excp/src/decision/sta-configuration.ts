import type { StaSnapshot } from '@exrec/sta-resolver';

/** GC's configuration as far as decisions need it: the last good one, whatever its age (docs/design/CONTRACTS.md#5-sta-rules). */
export interface StaConfiguration {
  /** Whether it is known what is kept in Redis; before that, no snapshot means nothing. */
  hasChecked(): boolean;
  /** null: never read yet */
  snapshot(): StaSnapshot | null;
  /**
   * The GC user of an Engage agent, by the `agent_map`, else by a login that is an e-mail; null: not known to GC;
   * undefined: GC is being asked, which takes a moment.
   */
  userIdOf(agentId: string): string | null | undefined;
}
