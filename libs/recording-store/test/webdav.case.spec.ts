import { spawn, type ChildProcess } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { caseFile, casePath, freePort, waitFor } from '@exrec/testing';
import { createWebdavRecordingStore, type ListedAudio, type RecordingStore } from '../src/index.js';

const name = 'call-1.opus';
const audio = caseFile('webdav-answers', name);

let server: ChildProcess;
let store: RecordingStore;
afterEach(() => {
  store.close();
  server.kill('SIGKILL');
});

it.each(['gzip', 'no-modified', 'no-length', 'etag-changes'])(
  'a server with the peculiarity %s gives the file, its size and its name',
  async (quirk) => {
    const port = await freePort();
    const program = casePath('webdav-answers', 'dav-quirk.mjs');
    const args = [program, `${port}`, casePath('webdav-answers', name), quirk];
    server = spawn(process.execPath, args, { stdio: 'ignore' });
    store = createWebdavRecordingStore({ url: `http://127.0.0.1:${port}/` });
    await waitFor('the server', async () =>
      store.check().then(
        () => true,
        () => false,
      ),
    );
    expect((await store.stat(name)).sizeBytes).toBe(audio.length);
    expect(audio.equals(await buffer((await store.open(name)).stream))).toBe(true);
    const listed: ListedAudio[] = [];
    for await (const file of store.list()) listed.push(file);
    expect(listed.map((file) => file.name)).toEqual([name]);
  },
);
