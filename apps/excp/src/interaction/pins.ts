import { grouped } from './grouped.js';
import type { Interaction, Pin } from './interaction.js';
import type { Presence } from './presence.js';

/**
 * Numbers the presences so that no id that was told changes (DESIGN decision 10): each pin goes to the presence of its
 * call and DN that began nearest to it, newcomers get the next free numbers by their beginning.
 */
export function numberByPins(presences: readonly Presence[], pins: readonly Pin[]): void {
  const ofDns = grouped(presences, keyOf);
  for (const [key, pinsOfDn] of grouped(pins, keyOf)) {
    const ofDn = ofDns.get(key);
    if (ofDn !== undefined) numberOne(ofDn, pinsOfDn);
  }
}

const keyOf = ({ callUUID, dn }: { readonly callUUID: string; readonly dn: string }) =>
  `${callUUID}/${dn}`;

/** @param presences of one DN on one call, by their beginning */
function numberOne(presences: readonly Presence[], pins: readonly Pin[]): void {
  const pairs = presences.flatMap((presence) =>
    pins.map((pin) => ({ presence, pin, apartMs: Math.abs(presence.addedAtMs - pin.startMs) })),
  );
  pairs.sort((left, right) => left.apartMs - right.apartMs || left.pin.ordinal - right.pin.ordinal);
  const pinned = new Set<Presence>();
  const taken = new Set<number>();
  for (const { presence, pin } of pairs) {
    if (pinned.has(presence) || taken.has(pin.ordinal)) continue;
    presence.ordinal = pin.ordinal;
    pinned.add(presence);
    taken.add(pin.ordinal);
  }
  for (const { ordinal } of pins) taken.add(ordinal);
  let next = 1;
  for (const presence of presences) {
    if (pinned.has(presence)) continue;
    while (taken.has(next)) next += 1;
    presence.ordinal = next;
    taken.add(next);
  }
}

/**
 * The root call under whose conversation the communications of a call belong: the one that was told for this call, or
 * for the nearest call above it; else the root of the interaction. A link that came too late changes none.
 */
export function conversationRootOf(
  { rootCallUUID, calls, pins }: Pick<Interaction, 'rootCallUUID' | 'calls' | 'pins'>,
  callUUID: string,
): string {
  const seen = new Set<string>();
  for (let at: string | undefined = callUUID; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const current: string = at;
    const told = pins.find((pin) => pin.callUUID === current);
    if (told !== undefined) return told.rootCallUUID;
    at = calls.find((call) => call.callUUID === current)?.parentCallUUID;
  }
  return rootCallUUID;
}
