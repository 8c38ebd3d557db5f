import { cmsFormat } from './cms/cms-format.js';
import type { SealFormat } from './seal-format.js';
import { openpgpFormat } from './openpgp/openpgp-format.js';

export type { SealFormat, SealingMessage } from './seal-format.js';
export {
  sealRecording,
  type SealedAudio,
  type SealedRecording,
  type SealRequest,
} from './seal-recording.js';

/** Every format by the name it has in `EXRP_ENCRYPTION`. */
export const sealFormats: Readonly<Record<SealFormat['name'], SealFormat>> = {
  openpgp: openpgpFormat,
  cms: cmsFormat,
};
