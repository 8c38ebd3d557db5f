export { KeySource, type KeySourceOptions } from './key-source.js';
export type { GcKey, RecordingKeyEntity, RsaRecipient } from './gc-key.js';
export { parseGcKey } from './parse-gc-key.js';
export { selectKey, type KeySelection, type RefusedKey } from './select-key.js';
export { multiprecisionInteger } from './rsa-key.js';
