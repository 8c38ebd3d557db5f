import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routes } from '@exrec/service-kit';
import express from 'express';
import { reconciliationRoutes } from './reconciliation-routes.js';

it('ends its listing when the client leaves while the storage is asked', async () => {
  let closed: Promise<unknown> | undefined;
  let onListingEnd: (() => void) | undefined;
  const listingEnd = new Promise<void>((resolve) => (onListingEnd = resolve));
  const app = express();
  app.use((_request, response, next) => {
    closed = once(response, 'close');
    next();
  });
  app.use(
    routes(
      reconciliationRoutes({
        recordings: {
          async *list() {
            try {
              client.destroy();
              await closed;
              yield { name: 'a.opus', sizeBytes: 1, modifiedAtMs: 0 };
            } finally {
              onListingEnd?.();
            }
          },
        },
        seenFiles: { record: () => Promise.resolve([0]) },
        now: Date.now,
        store: { standingOf: () => Promise.resolve({}) },
        access: { mayRead: (_request, _response, next) => next() },
      }),
    ),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = get(`http://127.0.0.1:${port}/api/v1/audio-files`).on('error', () => undefined);
  await listingEnd;
  server.close();
});
