import type { Contact, ContactCall } from '../contact/contact.js';
import type { Feed } from '../legs/feed.js';
import type { NamedLeg } from '../legs/name-legs.js';
import { waits } from '../options.js';

/** All that the tables of ends and transfers look at. */
export type Scene = {
  readonly contact: Contact;
  readonly legs: readonly NamedLeg[];
  readonly feed: Feed;
  /** Nothing more will come: what is open ends with the last thing heard. */
  readonly isOver: boolean;
};

/** `open`: it goes on; `undecided`: it has ended at this time, and how is known later. */
export type LegEnd =
  | { readonly state: 'open' }
  | { readonly state: 'undecided'; readonly atMs: number }
  | { readonly state: 'ended'; readonly atMs: number; readonly type: DisconnectType };

export type DisconnectType =
  | 'Peer'
  | 'Self'
  | 'System'
  | 'Transfer'
  | 'TransferACD'
  | 'TransferConference'
  | 'TransferConsult'
  | 'TransferUser';

export const open: LegEnd = { state: 'open' };

export function undecided(atMs: number): LegEnd {
  return { state: 'undecided', atMs };
}

export function ended(atMs: number, type: DisconnectType): LegEnd {
  return { state: 'ended', atMs, type };
}

export function callOf(scene: Scene, callUUID: string): ContactCall | undefined {
  return scene.contact.calls.find((call) => call.callUUID === callUUID);
}

export function onCall(scene: Scene, callUUID: string): NamedLeg[] {
  return scene.legs.filter((leg) => leg.callUUID === callUUID);
}

export function customerOf(scene: Scene): NamedLeg | undefined {
  return scene.legs.find(({ role }) => role === 'customer');
}

/** `over`: the call was deleted so soon after this moment that it was over then; `unknown` yet. */
export function callAfter(
  scene: Scene,
  callUUID: string,
  atMs: number,
): 'over' | 'goes-on' | 'unknown' {
  const deletedAtMs = deletionOf(scene, callUUID);
  if (deletedAtMs !== undefined) return deletedAtMs - atMs <= waits.callOverMs ? 'over' : 'goes-on';
  return scene.feed.isSettled(atMs, waits.callOverMs) ? 'goes-on' : 'unknown';
}

/** Without call events a call lasts as long as the last of its recordings. */
function deletionOf(scene: Scene, callUUID: string): number | undefined {
  if (scene.contact.hasCallEvents) return callOf(scene, callUUID)?.deletedAtMs;
  return Math.max(...onCall(scene, callUUID).map(({ goneAtMs }) => goneAtMs ?? 0));
}

/** People who were connected: no queue, no IVR, nobody who only rang. */
export function connected(scene: Scene, callUUID: string): NamedLeg[] {
  return onCall(scene, callUUID).filter(
    ({ role, answeredAtMs }) => role !== 'queue' && role !== 'ivr' && answeredAtMs !== undefined,
  );
}

/** Who released: by the feed's own word if it has one. */
export function releaserOf(scene: Scene, leg: NamedLeg): string | undefined {
  return leg.presence?.releasedBy ?? callOf(scene, leg.callUUID)?.releasedBy;
}

/** Whether this leg was the first to leave a call that was over then, and alone in that. */
export function leftFirst(scene: Scene, leg: NamedLeg): boolean {
  const call = callOf(scene, leg.callUUID);
  const overAtMs = (call?.deletedAtMs ?? leg.goneAtMs ?? 0) - waits.callOverMs;
  return connected(scene, leg.callUUID)
    .filter((other) => other !== leg && (other.goneAtMs ?? Infinity) >= overAtMs)
    .every((other) => (other.goneAtMs ?? Infinity) > (leg.goneAtMs ?? 0));
}
