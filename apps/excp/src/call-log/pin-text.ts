import type { Pin } from '../interaction/index.js';
import type { FieldWrite } from './kept-interaction.js';

/** How a pin stands in the hash of its call: when it began, and its root if that is another call. */
export function pinWrite({ callUUID, dn, ordinal, startMs, rootCallUUID }: Pin): FieldWrite {
  const root = rootCallUUID === callUUID ? '' : ` ${rootCallUUID}`;
  return { callUUID, field: `p:${ordinal}:${dn}`, value: `${startMs}${root}` };
}

/** @param field without its `p:` */
export function readPin(callUUID: string, field: string, text: string): Pin {
  const colon = field.indexOf(':');
  const [startMs, rootCallUUID = callUUID] = text.split(' ');
  return {
    callUUID,
    dn: field.slice(colon + 1),
    ordinal: Number(field.slice(0, colon)),
    startMs: Number(startMs),
    rootCallUUID,
  };
}

/** A leg in the journal of a conversation pins its presence as well: beginning, number, call ('' for the root), DN. */
export function readLegPin(rootCallUUID: string, text: string): Pin {
  const [startMs, ordinal, callUUID = '', ...dn] = text.split(' ');
  return {
    callUUID: callUUID === '' ? rootCallUUID : callUUID,
    dn: dn.join(' '),
    ordinal: Number(ordinal),
    startMs: Number(startMs),
    rootCallUUID,
  };
}
