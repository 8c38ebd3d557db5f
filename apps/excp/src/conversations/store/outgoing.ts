import { eventKinds, type EventKind } from '../journal/event-kind.js';

/** An event on its way to GC, as it stands in the list of its conversation. */
export type Outgoing = {
  /** Index of its entry in the journal of its conversation. */
  readonly index: string;
  /** The leg it is anchored at; null: none. */
  readonly leg: number | null;
  readonly kind: EventKind;
  readonly key: string;
  readonly atMs: number;
  readonly json: string;
};

export function outgoingText({ index, leg, kind, key, atMs, json }: Outgoing): string {
  return `${index} ${leg ?? '-'} ${kind} ${atMs} ${encodeURIComponent(key)} ${json}`;
}

/** undefined for a text that is none of ours. */
export function readOutgoing(text: string): Outgoing | undefined {
  const [, index = '', leg = '', kindText, atMs, key = '', json = ''] =
    /^(\S+) (\S+) (\S+) (\d+) (\S*) (.*)$/s.exec(text) ?? [];
  const kind = eventKinds.find((each): each is EventKind => each === kindText);
  if (kind === undefined) return undefined;
  return {
    ...{ index, kind, json, key: decodeURIComponent(key), atMs: Number(atMs) },
    leg: leg === '-' ? null : Number(leg),
  };
}
