/** The contact centre of the sample calls; the GC simulator's default organization has its counterpart. */

/** Engage logins and the DNs at which they sit. */
export const agentDns = {
  agent7105: '7105',
  agent7106: '7106',
  agent7107: '7107',
  agent7201: '7201',
  agent9901: '9901',
} as const;

export type AgentLogin = keyof typeof agentDns;

/** Virtual queues, the GC queues they became, and the STA programs of those. */
export const gcQueues = {
  VQ_TechSupport: { name: 'Tech Support', program: 'Tech support quality' },
  VQ_Sales: { name: 'Sales', program: 'Sales quality' },
  /** Transcription is off. */
  VQ_Billing: { name: 'Billing', program: null },
} as const;

export const defaultProgram = 'All calls';

/** `VQ_Partners` is outside the sync scope, and GC doesn't have it. */
export type EngageQueue = keyof typeof gcQueues | 'VQ_Partners';

export const trunkDn = 'Trunk_SBC1';

export const languageKey = 'language_code';
export const defaultLanguage = 'en-US';

/** The `hybrid_integration` file (docs/design/CONTRACTS.md#61-hybrid_integration-file) that the sample calls expect. */
export function sampleHybridIntegration(): string {
  const queues = Object.entries(gcQueues).map(([vq, { name }]) => `  ${vq}: "${name}"`);
  const agents = Object.keys(agentDns)
    .filter((login) => login !== 'agent9901')
    .map((login) => `  ${login}: "${login}@example.com"`);
  return `# The contact centre of the sample calls.
hybrid_integration:
  sta_default_language: ${defaultLanguage}
  sta_userdata_language_key: ${languageKey}
sync_scope:
  agents: ["agent71*", "agent72*"]
  dns: ["${trunkDn}"]
  queues: [${Object.keys(gcQueues).join(', ')}]
queue_map:
${queues.join('\n')}
agent_map:
${agents.join('\n')}
`;
}
