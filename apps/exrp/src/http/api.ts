import { openApiOf, type Route } from '@exrec/service-kit';
import { deadLetterRoutes, type DeadLetterRoutesOptions } from './dead-letter-routes.js';
import { injectionRoutes, type InjectionRoutesOptions } from './injection-routes.js';
import { standingRoutes, type StandingRoutesOptions } from './standing-routes.js';
import { reconciliationRoutes, type ReconciliationRoutesOptions } from './reconciliation-routes.js';

export type ApiOptions = DeadLetterRoutesOptions &
  InjectionRoutesOptions &
  ReconciliationRoutesOptions &
  StandingRoutesOptions;

/** Everything EXRP can be asked, and the document that describes it. */
export function api(options: ApiOptions) {
  // `/injections/counts` stands before `/injections/:recordingId`.
  const all: readonly Route[] = [
    ...deadLetterRoutes(options),
    ...reconciliationRoutes(options),
    ...standingRoutes(options),
    ...injectionRoutes(options),
  ];
  const info = {
    title: 'EXRP – recording provider',
    version: '1',
    description:
      'Takes recordings from the transient storage, seals them and uploads them to Genesys Cloud.',
  };
  return { all, openapi: openApiOf(info, all) };
}
