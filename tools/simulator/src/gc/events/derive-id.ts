import { createHash } from 'node:crypto';

/** An id of GC's own that is the same whenever it is asked for: a UUIDv4 made of `seed`. */
export function deriveId(seed: string): string {
  const hex = createHash('sha256').update(`simulator:${seed}`).digest('hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
