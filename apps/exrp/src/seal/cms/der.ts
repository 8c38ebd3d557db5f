/** DER tags used here [X.690]. */
export const DerTag = { sequence: 0x30, set: 0x31, implicitData: 0x80, explicit0: 0xa0 } as const;

/** Tag and definite length of a DER value whose content follows later, so that a long one need not be in memory. */
export function derHeader(tag: number, contentBytes: number): Buffer {
  if (contentBytes < 0x80) return Buffer.from([tag, contentBytes]);
  const length: number[] = [];
  for (let rest = contentBytes; rest > 0; rest = Math.floor(rest / 0x100))
    length.unshift(rest % 0x100);
  return Buffer.from([tag, 0x80 | length.length, ...length]);
}
