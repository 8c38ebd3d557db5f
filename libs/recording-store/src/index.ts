export type {
  CallOptions,
  ListedAudio,
  OpenAudio,
  RecordingStore,
  StoredAudio,
} from './recording-store.js';
export {
  createWebdavRecordingStore,
  type WebdavStoreOptions,
} from './webdav/webdav-recording-store.js';
