import express from 'express';
import { createServer, type Server } from 'node:http';
import { basicAuthHeader } from '../mcp/http-request.js';
import { FaultList } from './fault-list.js';
import { RecordingShelf } from './recording-shelf.js';
import { refuse } from './refusal.js';
import { usualBehaviour, type RwsBehaviour, type RwsFault } from './rws-behaviour.js';
import type { RwsRecording } from './rws-recording.js';
import { mountRwsRoutes } from './rws-routes.js';

export type RwsOptions = {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** The contact centers that the list names; all of them have the same recordings. */
  readonly contactCenterIds?: readonly [string, ...string[]];
  readonly recordings?: readonly RwsRecording[];
  readonly behaviour?: Partial<RwsBehaviour>;
};

export type RwsRequest = { readonly path: string; readonly status: number };

export type RwsSimulator = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly contactCenterIds: readonly [string, ...string[]];
  /** Every request that was answered, in order of the answers; a hanging or cut one has status 0. */
  readonly requests: readonly RwsRequest[];
  /** Adds recordings, or replaces those with the same id. */
  put(recordings: readonly RwsRecording[]): void;
  /** Changes how it speaks from the next request on. */
  behave(change: Partial<RwsBehaviour>): void;
  /** Orders a failure; several are used up in the order of the orders. */
  order(fault: RwsFault): void;
  stop(): Promise<void>;
};

const defaultContactCenterId = '3f1c9d2e-0a4b-4c55-9a61-7d1d0c0b7a10';

/**
 * GIR's Interaction Recording Web Services on 127.0.0.1, as far as they are read (docs/design/CONTRACTS.md#24-gir-rws, (docs/reference/genesys-facts.md#3-gir-rws-interaction-recording-web-services)):
 * the list of contact centers, a recording by its CallUUID, and the search.
 */
export async function startRwsSimulator(options: RwsOptions = {}): Promise<RwsSimulator> {
  const { username = 'ops', password = 'ops-password' } = options;
  const { contactCenterIds = [defaultContactCenterId] as const } = options;
  const shelf = new RecordingShelf();
  shelf.put(options.recordings ?? []);
  const faults = new FaultList();
  const requests: RwsRequest[] = [];
  let behaviour: RwsBehaviour = { ...usualBehaviour, ...options.behaviour };

  const app = express();
  app.use((request, response, next) => {
    const path = request.originalUrl;
    response.once('close', () => {
      requests.push({ path, status: response.writableFinished ? response.statusCode : 0 });
    });
    const { Authorization: expected } = basicAuthHeader(username, password);
    if (request.headers.authorization === expected) next();
    else refuse(response.set('WWW-Authenticate', 'Basic realm="RWS"'), 401, 'UNAUTHORIZED');
  });
  mountRwsRoutes(app, { shelf, faults, contactCenterIds, behaviour: () => behaviour });
  app.use((_request, response) => refuse(response, 404, 'NOT_FOUND'));

  const server = createServer(app);
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ username, password, contactCenterIds, requests },
    put: (recordings) => shelf.put(recordings),
    behave: (change) => (behaviour = { ...behaviour, ...change }),
    order: (fault) => faults.order(fault),
    stop: () => stop(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
