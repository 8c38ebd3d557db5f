import { createWebdavRecordingStore } from '@exrec/recording-store';
import { describeRecordingStore } from '@exrec/recording-store/contract';
import { password, startStorage, username } from './storage-server.js';

describeRecordingStore('our storage, Basic', async () => {
  const storage = await startStorage();
  const { url } = storage;
  const store = createWebdavRecordingStore({ url, username, password });
  const stranger = createWebdavRecordingStore({ url, username, password: 'wrong' });
  return {
    store,
    stranger,
    put: async (name, content) => {
      const { status } = await storage.put(name, content);
      if (status !== 201 && status !== 204) throw new Error(`PUT answered ${status}`);
    },
    stop: async () => {
      store.close();
      stranger.close();
      await storage.stop();
    },
  };
});
