import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { followFile } from '../access/followed-file.js';
import type { Health } from '../health/health.js';
import type { Logger } from '../log/logger.js';

export type HttpServerOptions = {
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly handler: RequestListener;
  /** Longest time a client may take to send a request, milliseconds; 0 for no limit. */
  readonly requestTimeoutMs: number;
  /** The handler itself answers `Expect: 100-continue`. */
  readonly invitesBodies: boolean;
  readonly health: Health;
  readonly logger: Logger;
  /** How often the files of the certificate are looked at. */
  readonly everyMs?: number;
};

/** Node looks at slow requests every 30 s by itself: too late for the limits below. */
const serverOptions = { connectionsCheckingInterval: 2_000 };

/** The server of a service: https when there is a certificate, whose files are read again when they change. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { certFile, keyFile, handler } = options;
  const server =
    certFile !== undefined && keyFile !== undefined
      ? tlsServer(options, certFile, keyFile)
      : createServer(serverOptions, handler);
  if (options.invitesBodies) server.on('checkContinue', handler);
  server.requestTimeout = options.requestTimeoutMs;
  server.headersTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

function tlsServer(options: HttpServerOptions, certFile: string, keyFile: string): TlsServer {
  const files = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  const server = createTlsServer({ ...serverOptions, ...files }, options.handler);
  followPair(options, { cert: certFile, key: keyFile }, files, (pair) =>
    server.setSecureContext(pair),
  );
  return server;
}

type Pair = { cert: string; key: string };

/** Certificate and key are two files and change one after the other: in between the former pair stays. */
function followPair(
  { health, logger, everyMs }: HttpServerOptions,
  paths: Pair,
  files: Pair,
  use: (pair: Pair) => void,
): void {
  let fault: string | undefined;
  health.addCheck('certificate', () => (fault === undefined ? undefined : { degraded: fault }));
  const refuse = (reason: string) => {
    fault = `${reason}; the former certificate is in use`;
    logger.warn('certificate.refused', { reason });
  };
  for (const part of ['cert', 'key'] as const) {
    followFile({
      path: paths[part],
      known: files[part],
      ...(everyMs === undefined ? {} : { everyMs }),
      onText: (text) => {
        files[part] = text;
        try {
          createSecureContext(files);
        } catch {
          refuse('TLS_CERT_FILE and TLS_KEY_FILE are no PEM pair that fits');
          return;
        }
        use({ ...files });
        fault = undefined;
        logger.info('certificate.loaded');
      },
      onUnreadable: () => refuse(`TLS_${part.toUpperCase()}_FILE cannot be read`),
    });
  }
}
