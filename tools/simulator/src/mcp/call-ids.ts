import { createHash, randomUUID } from 'node:crypto';

/** The ids that SIP Server and GVP draw for calls and files. */
export type CallIds = {
  /** 32 characters of 0-9 and A-V (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file). */
  callUUID(): string;
  /** T-Library connection id: 16 lower-case hex digits. */
  connID(): string;
  /** A GVP id: 8 upper-case hex digits (docs/reference/genesys-facts.md#24-file-names). */
  gvpId(): string;
};

const base32Digits = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** The same ids in the same order for the same seed; without a seed, ids that no other run has. */
export function callIds(seed: string = randomUUID()): CallIds {
  let drawn = 0;
  const draw = () => createHash('sha256').update(`${seed}:${drawn++}`).digest();
  return {
    callUUID: () => Array.from(draw(), (byte) => base32Digits.charAt(byte & 31)).join(''),
    connID: () => draw().toString('hex', 0, 8),
    gvpId: () => draw().toString('hex', 0, 4).toUpperCase(),
  };
}
