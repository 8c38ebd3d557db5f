import { cmsContainer } from './cms/cms-container.js';
import type { Container } from './container.js';
import { openpgpContainer } from './openpgp/openpgp-container.js';

export type { Container, SealingMessage } from './container.js';
export {
  sealRecording,
  type SealedAudio,
  type SealedRecording,
  type SealRequest,
} from './seal-recording.js';

/** Every container by the name it has in `EXRP_ENCRYPTION`. */
export const containers: Readonly<Record<Container['name'], Container>> = {
  openpgp: openpgpContainer,
  cms: cmsContainer,
};
