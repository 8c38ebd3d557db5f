import { grouped } from '../feed/grouped.js';
import type { Interaction, Pin } from '../interaction.js';
import type { Presence } from './presence.js';

/**
 * Numbers the presences so that no id that was told changes (docs/design/DESIGN.md#decisions (10)): each pin goes to the presence of its
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
  const pinned = new Set<Presence>();
  // One id may have been told twice, to EXRP and to GC, with two beginnings.
  const left = new Set(pins.map(({ ordinal }) => ordinal));
  const give = (presence: Presence, { ordinal }: Pin) => {
    presence.ordinal = ordinal;
    pinned.add(presence);
    left.delete(ordinal);
  };
  // Nearly always all of them are where they were.
  const byStart = grouped(pins, ({ startMs }) => startMs);
  for (const presence of presences) {
    const pin = byStart.get(presence.addedAtMs)?.find((one) => left.has(one.ordinal));
    if (pin !== undefined) give(presence, pin);
  }
  const others = presences.filter((presence) => !pinned.has(presence));
  const pairs = pins
    .filter(({ ordinal }) => left.has(ordinal))
    .flatMap((pin) =>
      others.map((presence) => {
        return { presence, pin, apartMs: Math.abs(presence.addedAtMs - pin.startMs) };
      }),
    );
  pairs.sort((one, other) => one.apartMs - other.apartMs || one.pin.ordinal - other.pin.ordinal);
  for (const { presence, pin } of pairs) {
    if (!pinned.has(presence) && left.has(pin.ordinal)) give(presence, pin);
  }
  const taken = new Set(pins.map(({ ordinal }) => ordinal));
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
