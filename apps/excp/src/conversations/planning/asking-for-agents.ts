import type { Contact } from '../contact/contact.js';
import type { GcDirectory } from '../options.js';

/** Whether GC is being asked for an agent of the contact; asking is what this does, too. */
export function isAskingForAgents(
  { presences, recordings }: Pick<Contact, 'presences' | 'recordings'>,
  directory: Pick<GcDirectory, 'userIdOf'>,
): boolean {
  const logins = new Set([...presences, ...recordings].flatMap(({ agentId }) => agentId ?? []));
  // Each of them, so that all are asked for together.
  return [...logins].filter((login) => directory.userIdOf(login) === undefined).length > 0;
}
