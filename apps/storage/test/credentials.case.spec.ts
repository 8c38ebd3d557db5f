import { createWebdavRecordingStore } from '@exrec/recording-store';
import { createStorageApp } from '../src/server.js';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

it.each(['Grüße', 'Kasse€1', 'a: b', '100%', '漢字'])(
  'the password %s opens our storage to our client, beside the URL and in it',
  async (password) => {
    const dir = await mkdtemp(join(tmpdir(), 'exrec-case-'));
    const username = 'mcp-ä';
    const app = await createStorageApp({
      dir,
      instance: '1',
      username,
      password: () => [password],
    });
    const server = createServer(app.handler).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const inUrl = `http://${encodeURIComponent(username)}:${encodeURIComponent(password)}@127.0.0.1:${port}/`;
    const stores = [
      createWebdavRecordingStore({ url, username, password }),
      createWebdavRecordingStore({ url: inUrl }),
    ];
    for (const store of stores) {
      await expect(store.check()).resolves.toBeUndefined();
      store.close();
    }
    server.close();
    await rm(dir, { recursive: true });
  },
);
