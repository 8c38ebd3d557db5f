import type { Rules } from '../../rules/rules.js';
import { attributeSegment, scopeOf, type Interaction } from '../../interaction/index.js';
import type { AttributedSegment } from '../contact/contact-of.js';

/** The segments of an interaction that go to GC. */
export function segmentsInScope(
  interaction: Interaction,
  { keyNames, syncScope }: Pick<Rules, 'keyNames' | 'syncScope'>,
): AttributedSegment[] {
  return interaction.segments.flatMap((segment) => {
    const attribution = attributeSegment(interaction, segment, keyNames);
    const { agentId, dn, queue } = attribution;
    return scopeOf({ agentId, dn, queue }, syncScope).inScope ? [{ segment, attribution }] : [];
  });
}

/** An interaction is told as a whole as soon as one agent, DN or queue of it is in scope (docs/design/CONVERSATIONS.md#28-scope-multi-site-restarts). */
export function isInScope(
  { parties, queueVisits }: Interaction,
  { syncScope }: Pick<Rules, 'syncScope'>,
): boolean {
  return (
    parties.some(({ agentId, dn, originationQueue: queue }) => {
      return scopeOf({ agentId, dn, queue }, syncScope).inScope;
    }) || queueVisits.some(({ queue }) => scopeOf({ queue }, syncScope).inScope)
  );
}
