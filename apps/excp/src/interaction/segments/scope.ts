import { matchesGlob } from './glob.js';

/** Which part of the contact centre is injected (docs/design/CONTRACTS.md#61-hybrid_integration-file): patterns with `*` and `?`. */
export interface SyncScope {
  readonly agents: readonly string[];
  readonly dns: readonly string[];
  readonly queues: readonly string[];
}

export interface ScopeSubject {
  readonly agentId?: string | undefined;
  readonly dn?: string | undefined;
  /** The origination queue. */
  readonly queue?: string | undefined;
}

/** `rule`: `no-sync-scope`, the pattern that let it in (`agents:agent71*`, `dns:71??`, `queues:VQ_*`), or `no-rule-matches`. */
export interface ScopeDecision {
  readonly inScope: boolean;
  readonly rule: string;
}

/** A segment is in scope when any rule matches its agent, DN or origination queue; without a scope, always. */
export function scopeOf(subject: ScopeSubject, scope: SyncScope | undefined): ScopeDecision {
  if (scope === undefined) return { inScope: true, rule: 'no-sync-scope' };
  const checks = [
    { name: 'agents', patterns: scope.agents, value: subject.agentId },
    { name: 'dns', patterns: scope.dns, value: subject.dn },
    { name: 'queues', patterns: scope.queues, value: subject.queue },
  ];
  for (const { name, patterns, value } of checks) {
    const pattern =
      value === undefined ? undefined : patterns.find((candidate) => matchesGlob(candidate, value));
    if (pattern !== undefined) return { inScope: true, rule: `${name}:${pattern}` };
  }
  return { inScope: false, rule: 'no-rule-matches' };
}
