import {
  describeRecordingStore,
  type StoreUnderTest,
} from '../src/contract/recording-store-contract.js';
import { createWebdavRecordingStore } from '../src/webdav/webdav-recording-store.js';
import {
  apache,
  isInstalled,
  nginx,
  startApache,
  startNginx,
  type ForeignServer,
} from './foreign-servers.js';

async function under(starting: Promise<ForeignServer>): Promise<StoreUnderTest> {
  const server = await starting;
  const { url, username, password } = server;
  const store = createWebdavRecordingStore({ url, username, password });
  const stranger = createWebdavRecordingStore({ url, username, password: 'wrong' });
  return {
    store,
    stranger,
    put: (name, content) => server.put(name, content),
    stop: async () => {
      store.close();
      stranger.close();
      await server.stop();
    },
  };
}

// Servers of other makers run where they are installed (Debian: nginx-light with
// libnginx-mod-http-dav-ext, apache2); elsewhere they show up as skipped.
const servers = [
  { title: 'nginx, Basic', program: nginx, start: () => startNginx() },
  { title: 'Apache, Basic', program: apache, start: () => startApache('Basic') },
  { title: 'Apache, Digest', program: apache, start: () => startApache('Digest') },
];

for (const { title, program, start } of servers) {
  if (isInstalled(program)) describeRecordingStore(title, () => under(start()));
  else it.skip(`recording store: ${title} (not installed)`, () => undefined);
}
