import * as z from 'zod';

/** E-mail in lower case → GC user id; null: GC has no such user. */
export type UserIds = ReadonlyMap<string, string | null>;

/** Engage login → GC user e-mail or id (docs/design/CONTRACTS.md#61-hybrid_integration-file). */
export type AgentMap = Readonly<Record<string, string>>;

const entries = z.array(z.tuple([z.string(), z.string().nullable()]));
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const looksLikeAddress = /^[^\s@]+@[^\s@]+$/;
const longestAddress = 254;

/** The e-mails for which GC must be asked; each once, in lower case. */
export function emailsOf(agentMap: AgentMap): string[] {
  const targets = Object.values(agentMap).map((target) => target.trim().toLowerCase());
  return [...new Set(targets.filter((target) => !uuid.test(target)))].toSorted();
}

/** The e-mail by which GC has the agent, if the login is one; the `agent_map` wins (docs/design/CONVERSATIONS.md#27-unknown-agents-and-queues). */
export function addressOf(agentMap: AgentMap, agentId: string): string | undefined {
  if (mappedTo(agentMap, agentId) !== undefined) return undefined;
  const address = agentId.trim().toLowerCase();
  return address.length <= longestAddress && looksLikeAddress.test(address) ? address : undefined;
}

/** Logins of agents that GC was asked for as e-mails, and has no user of. */
export function unknownLogins(agentMap: AgentMap, userIds: UserIds): string[] {
  const mapped = new Set(emailsOf(agentMap));
  return [...userIds]
    .flatMap(([email, id]) => (id === null && !mapped.has(email) ? [email] : []))
    .toSorted();
}

/** The GC user of an Engage agent; null: not mapped and no address, or GC has no such user. */
export function userIdIn(agentMap: AgentMap, userIds: UserIds, agentId: string): string | null {
  const target = mappedTo(agentMap, agentId) ?? addressOf(agentMap, agentId);
  if (target === undefined) return null;
  return uuid.test(target) ? target : (userIds.get(target) ?? null);
}

function mappedTo(agentMap: AgentMap, agentId: string): string | undefined {
  const login = agentId.trim().normalize('NFC');
  return Object.hasOwn(agentMap, login) ? agentMap[login]?.trim().toLowerCase() : undefined;
}

export function serializeUserIds(userIds: UserIds): string {
  return JSON.stringify([...userIds]);
}

/** Nobody when the text is damaged: the next pull asks again. */
export function parseUserIds(text: string): UserIds {
  try {
    return new Map(entries.parse(JSON.parse(text)));
  } catch {
    return new Map();
  }
}
