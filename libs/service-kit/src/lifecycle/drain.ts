import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Health } from '../health/health.js';
import type { Logger } from '../log/logger.js';

/** In-flight work gets this long after SIGTERM (docs/design/CONTRACTS.md#7-every-service), with a margin to the 30 s promised. */
const drainMs = 28_000;
/** A client that takes its answer slower than this keeps nobody else waiting. */
const answersMs = 5_000;

export type Draining = {
  readonly signal: string;
  readonly server: Server;
  readonly connections: ClosingConnections;
  /** Finishes or releases work in flight, then closes the connections to others, Redis last. */
  readonly stop: () => Promise<void>;
  /** `EXREC_DRAIN_SECONDS`. */
  readonly noticeMs: number;
  readonly health: Health;
  readonly logger: Logger;
};

/**
 * The end of a service, in an order in which nobody is refused: not ready; every answer ends its connection; requests
 * are answered as ever until the load balancer has noticed; no more connections; workers; Redis. Exits with code 0.
 */
export async function drain(draining: Draining): Promise<never> {
  const { signal, server, connections, stop, noticeMs, health, logger } = draining;
  const overdue = setTimeout(() => {
    logger.warn('service.drain-overdue');
    process.exit(0);
  }, drainMs);
  const isServing = (await health.readiness()).status !== 'not-ready';
  health.enter('draining');
  logger.info('service.draining', { signal });
  connections.closeAfterAnswers();
  // Nobody sends anything to a service that was not ready before.
  if (isServing) await sleep(noticeMs);
  await closed(server);
  try {
    await stop();
  } catch (error) {
    logger.warn('service.drain-incomplete', { error });
  }
  clearTimeout(overdue);
  logger.info('service.gone');
  process.exit(0);
}

async function closed(server: Server): Promise<void> {
  const end = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([end, sleep(answersMs, undefined, { ref: false })]);
  server.closeAllConnections();
}

export type ClosingConnections = {
  /** From now on every answer says `Connection: close`, also to requests that are being answered. */
  closeAfterAnswers(): void;
};

/** To be made before the first request. */
export function closingConnections(server: Server): ClosingConnections {
  const open = new Set<ServerResponse>();
  let isClosing = false;
  const close = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  for (const event of ['request', 'checkContinue'] as const) {
    server.prependListener(event, (_request: unknown, response: ServerResponse) => {
      if (isClosing) close(response);
      open.add(response);
      response.once('close', () => open.delete(response));
    });
  }
  return {
    closeAfterAnswers: () => {
      isClosing = true;
      for (const response of open) close(response);
    },
  };
}
