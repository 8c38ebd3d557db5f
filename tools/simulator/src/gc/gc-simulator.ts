import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from './assemble.js';
import type { FaultDesk } from './control/fault-desk.js';
import type { EventCounts, InjectedEvent } from './events/conversation-events.js';
import type { Conversation } from './events/conversation.js';
import type { HeldKey } from './keys/held-key.js';
import type { Ledger } from './ledger.js';
import type { GcConfiguration } from './organization/configuration.js';
import { completeOptions, type GcSimulatorOptions } from './options.js';
import type { Expectation, Recording } from './recordings/recording-book.js';

/** A running simulator of Genesys Cloud and its S3. */
export type GcSimulator = {
  /** Origin of the API, of the login and of S3. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What was uploaded, with a verdict on each; null while it is being opened. */
  readonly recordings: () => readonly Recording[];
  /** Resolves when every verdict is in. */
  readonly settled: () => Promise<void>;
  /** What the audio must be; a recording with other audio is not ok. */
  readonly expectAudio: (expectation: Expectation) => void;
  /** The file on disk that holds an upload's bytes. */
  readonly zipFile: (uploadKey: string) => string;
  /** The recording key in force, with its private half. `secret.text` is armored (OpenPGP) or PEM (RSA). */
  readonly currentKey: () => HeldKey;
  readonly keys: () => readonly HeldKey[];
  readonly faults: Pick<FaultDesk, 'order' | 'list' | 'clear'>;
  readonly requests: Ledger;
  /** Injected conversation events by conversationId. */
  readonly conversations: () => Record<string, readonly InjectedEvent[]>;
  /** A conversation as its events have built it. */
  readonly conversation: (conversationId: string) => Conversation | undefined;
  /** What became of all events so far. */
  readonly eventCounts: () => EventCounts;
  readonly configuration: () => GcConfiguration;
  readonly configure: (configuration: GcConfiguration) => void;
  /** Where signed URLs point from now on: a proxy in front of `url`. */
  readonly setS3Origin: (origin: string) => void;
  readonly stop: () => Promise<void>;
};

/**
 * Starts a simulator of Genesys Cloud, on 127.0.0.1 unless told otherwise: OAuth, the API calls we use, and S3 behind pre-signed URLs.
 * It refuses what GC or S3 would refuse, opens every ZIP with its private key, and misbehaves on order.
 */
export async function startGcSimulator(options: GcSimulatorOptions = {}): Promise<GcSimulator> {
  const complete = completeOptions(options);
  const dataDir = complete.dataDir ?? (await mkdtemp(join(tmpdir(), 'exrec-gc-simulator-')));
  const { parts, listener } = await assemble(complete, dataDir);
  const server = createServer({ keepAliveTimeout: 65_000 }, listener);
  const port = await listen(server, complete.port, complete.host);
  const url = complete.url ?? `http://127.0.0.1:${port}`;
  parts.origins.s3 = complete.s3Origin ?? url;
  const [client] = complete.clients;
  return {
    url,
    clientId: client?.id ?? '',
    clientSecret: client?.secret ?? '',
    recordings: () => parts.recordings.list(),
    settled: () => parts.recordings.settled(),
    expectAudio: (expectation) => parts.recordings.expect(expectation),
    zipFile: (uploadKey) => parts.store.fileOf(uploadKey),
    currentKey: () => parts.keys.current(),
    keys: () => parts.keys.all(),
    faults: parts.desk,
    requests: parts.ledger,
    conversations: () => parts.conversations.all(),
    conversation: (id) => parts.conversations.find(id),
    eventCounts: () => parts.conversations.counts,
    configuration: () => parts.organization.configuration,
    configure: (configuration) => parts.organization.configure(configuration),
    setS3Origin: (origin) => {
      parts.origins.s3 = origin;
    },
    stop: async () => {
      await close(server);
      await parts.recordings.close();
      if (complete.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was given'));
      else resolve(address.port);
    });
  });
}

/** Stalled requests would keep the server open for ever, so their connections are cut. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
