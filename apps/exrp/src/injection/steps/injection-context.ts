import type { GcApi } from '@exrec/gc-api';
import type { RecordingStore } from '@exrec/recording-store';
import type { KeySource } from '../../keys/index.js';
import type { SealFormat } from '../../seal/index.js';
import type { Spool } from '../../spool/spool.js';
import type { UploadHostRule } from '../../upload/upload-hosts.js';
import type { ZipUploader } from '../../upload/zip-uploader.js';

/** What the steps of an injection work with. */
export type InjectionContext = {
  readonly recordings: RecordingStore;
  readonly keys: Pick<KeySource, 'current' | 'reject'>;
  readonly gc: Pick<GcApi, 'createUpload'>;
  readonly uploader: Pick<ZipUploader, 'put'>;
  readonly sealFormat: SealFormat;
  readonly spool: Spool;
  readonly uploadHosts: UploadHostRule;
  readonly maxAudioBytes: number;
  readonly now: () => number;
};
