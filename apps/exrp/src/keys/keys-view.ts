import { Failure } from '@exrec/service-kit';
import type { RecordingKeyEntity } from './gc-key.js';
import { parseGcKey } from './parse-gc-key.js';

/** A recording key of Genesys Cloud as an operator looks at it. */
export type KeyView = {
  readonly keyId: string;
  readonly createdAt: string | null;
  readonly fingerprint: string | null;
  readonly form: 'openpgp' | 'rsa' | null;
  /** null: it does not expire */
  readonly expiresAt: string | null;
  /** Recordings are sealed to this one. */
  readonly inUse: boolean;
  /** Why it cannot be used; null: it can. */
  readonly refused: string | null;
};

/** All keys as Genesys Cloud last gave them, in its order. */
export async function keysView(
  entities: readonly RecordingKeyEntity[],
  { inUse, nowMs }: { readonly inUse: string | undefined; readonly nowMs: number },
): Promise<KeyView[]> {
  return Promise.all(
    entities.map(async (entity) => {
      const common = { keyId: entity.id, createdAt: entity.createDate ?? null };
      try {
        const { fingerprint, form, expiresAtMs } = await parseGcKey(entity, nowMs);
        return {
          ...common,
          ...{ fingerprint, form, inUse: fingerprint === inUse, refused: null },
          expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
        };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const refused = error.detail ?? error.code;
        return { ...common, fingerprint: null, form: null, expiresAt: null, inUse: false, refused };
      }
    }),
  );
}
