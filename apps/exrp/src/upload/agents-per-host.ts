import { outboundAgents, type OutboundAgents } from '@exrec/gc-api';

/** Keep-alive agents, one pair for each host that uploads go to. */
export function agentsPerHost(proxyEnv: {
  HTTPS_PROXY: string | undefined;
  NO_PROXY: string | undefined;
}) {
  const known = new Map<string, OutboundAgents>();
  return (url: string): OutboundAgents => {
    const { origin } = new URL(url);
    const agents = known.get(origin) ?? outboundAgents(url, { proxyEnv, stallMs: 120_000 });
    known.set(origin, agents);
    return agents;
  };
}
