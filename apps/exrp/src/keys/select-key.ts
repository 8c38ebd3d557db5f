import { Failure } from '@exrec/service-kit';

import type { GcKey, RecordingKeyEntity } from './gc-key.js';
import { parseGcKey } from './parse-gc-key.js';

export type RefusedKey = { readonly keyId: string; readonly reason: string };

/** The key to seal with, and the newer keys that had to be passed over. */
export type KeySelection = { readonly key: GcKey; readonly refused: readonly RefusedKey[] };

/**
 * Chooses the usable key with the newest `createDate` (docs/reference/genesys-facts.md#43-public-keys: nothing says that the newest wins; a rotation makes it so).
 * Throws `no-key` when GC has none, and `key-invalid` with every reason when none is usable; both later.
 */
export async function selectKey(
  entities: readonly RecordingKeyEntity[],
  nowMs: number,
): Promise<KeySelection> {
  if (entities.length === 0) throw Failure.later('no-key', { detail: 'GC has no recording key' });
  const refused: RefusedKey[] = [];
  for (const entity of newestFirst(entities)) {
    try {
      return { key: await parseGcKey(entity, nowMs), refused };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refused.push({ keyId: entity.id, reason: error.detail ?? error.code });
    }
  }
  const reasons = refused.map(({ keyId, reason }) => `${keyId}: ${reason}`).join('; ');
  throw Failure.later('key-invalid', { detail: reasons });
}

function newestFirst(entities: readonly RecordingKeyEntity[]): RecordingKeyEntity[] {
  const time = (entity: RecordingKeyEntity) => Date.parse(entity.createDate ?? '') || 0;
  return [...entities].sort((a, b) => time(b) - time(a));
}
