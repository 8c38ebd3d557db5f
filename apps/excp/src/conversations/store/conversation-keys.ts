import { callLogKeys } from '../../call-log/call-log-keys.js';

/** Names of the keys of conversations; all share the hash tag of the call log. */
export type ConversationKeys = {
  /** zset: calls whose conversation has to be planned, by the time (epoch ms) of that */
  readonly due: string;
  /** zset: conversations with events to be sent, by the time (epoch ms) from which they may be */
  readonly pending: string;
  /** + root call of the conversation: list of its events to be sent, in order */
  readonly outStem: string;
  /** hash: root call of each conversation with open legs, and those */
  readonly open: string;
  /** hash: what GC does not know, by kind and name, and how many interactions met it */
  readonly gaps: string;
  /** the instance that sends */
  readonly sender: string;
  /** the presence source */
  readonly source: string;
};

/** @param prefix `keyspace()` of the settings */
export function conversationKeys(prefix: string): ConversationKeys {
  return {
    due: callLogKeys(prefix).conversations,
    pending: `${prefix}:conversations:pending`,
    outStem: `${prefix}:conversations:out:`,
    open: `${prefix}:conversations:open`,
    gaps: `${prefix}:conversations:gaps`,
    sender: `${prefix}:conversations:sender`,
    source: `${prefix}:conversations:source`,
  };
}
