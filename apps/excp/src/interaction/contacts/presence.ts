import type { CallEvent, PartyState, PartyType } from '../feed/call-event.js';
import type { PresenceInterval } from '../interaction.js';

/** One presence of a DN on a call while it is being folded. */
export class Presence {
  partyType?: PartyType | undefined;
  agentId?: string | undefined;
  establishedAtMs?: number | undefined;
  goneAtMs?: number | undefined;
  releasedBy?: string | undefined;
  readonly intervals: { state: PartyState; fromMs: number; toMs?: number }[] = [];

  constructor(
    readonly callUUID: string,
    readonly dn: string,
    public ordinal: number,
    readonly addedAtMs: number,
    /** False when it was first heard of by another event than `EventCallPartyAdded`. */
    public announced: boolean,
  ) {}

  identify(event: CallEvent): void {
    this.partyType = event.partyType ?? this.partyType;
    this.agentId = event.agentId ?? this.agentId;
  }

  enter(state: PartyState, atMs: number): void {
    // A party that answered doesn't ring again: that is an event that came with a wrong time.
    if (state === 'ringing' && this.establishedAtMs !== undefined) return;
    // A call on hold has been answered, even if nobody said so.
    if (state !== 'ringing') this.establishedAtMs ??= atMs;
    const last = this.intervals.at(-1);
    if (last?.state === state) return;
    if (last !== undefined) last.toMs = atMs;
    if (last?.fromMs === atMs) this.intervals.pop();
    if (this.intervals.at(-1)?.state === state)
      delete this.intervals[this.intervals.length - 1]?.toMs;
    else this.intervals.push({ state, fromMs: atMs });
  }

  leave(atMs: number): void {
    const last = this.intervals.at(-1);
    this.goneAtMs = Math.max(atMs, this.addedAtMs, last?.fromMs ?? atMs);
    if (last !== undefined) last.toMs = this.goneAtMs;
  }

  get isOpen(): boolean {
    return this.goneAtMs === undefined;
  }

  get history(): readonly PresenceInterval[] {
    return this.intervals;
  }
}
