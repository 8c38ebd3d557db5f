import { correlationIdOf } from '../outcome/error-body.js';
import type { HttpAnswer, HttpRequest, HttpTransport } from '../transport/http-transport.js';
import type { CallReport, GcLogger } from './call-report.js';

export type Observers = {
  readonly logger: GcLogger;
  readonly onCall?: ((report: CallReport) => void) | undefined;
  /** Epoch ms. */
  readonly now: () => number;
};

/** The transport with a debug line and a report for every exchange, answered or not. */
export function observedTransport(
  transport: HttpTransport,
  { logger, onCall, now }: Observers,
): HttpTransport {
  const report = (endpoint: string, startedMs: number, answer?: HttpAnswer) => {
    const durationMs = Math.round(performance.now() - startedMs);
    const status = answer?.status ?? 0;
    const correlationId = answer && correlationIdOf(answer);
    logger.debug('gc.request', { endpoint, status, durationMs, correlationId });
    const clockAheadMs = answer && clockAheadOf(answer, now() - durationMs / 2);
    onCall?.({
      endpoint,
      status,
      durationMs,
      ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
    });
  };
  return {
    async send(request: HttpRequest) {
      const startedMs = performance.now();
      let answer: HttpAnswer | undefined;
      try {
        answer = await transport.send(request);
        return answer;
      } finally {
        report(request.endpoint, startedMs, answer);
      }
    },
    close: () => transport.close(),
  };
}

/** @param askedAtMs about when the answer was written, by our clock */
function clockAheadOf({ headers }: HttpAnswer, askedAtMs: number): number | undefined {
  const theirsMs = Date.parse(headers.date ?? '');
  // On average half a second of the time was cut off.
  return Number.isNaN(theirsMs) ? undefined : Math.round(theirsMs + 500 - askedAtMs);
}
