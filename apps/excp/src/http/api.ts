import { openApiOf, type Route } from '@exrec/service-kit';
import { callEventRoutes, type CallEventRoutesOptions } from './call-event-routes.js';
import { configurationRoutes, type ConfigurationRoutesOptions } from './configuration-routes.js';
import { interactionRoutes, type InteractionRoutesOptions } from './interaction-routes.js';
import { metadataRoutes, type MetadataRoutesOptions } from './metadata-routes.js';
import { orphanRoutes, type OrphanRoutesOptions } from './orphan-routes.js';
import { staRoutes, type StaRoutesOptions } from './sta-routes.js';
import { reconciliationRoutes, type ReconciliationRoutesOptions } from './reconciliation-routes.js';

export type ApiOptions = MetadataRoutesOptions &
  CallEventRoutesOptions &
  InteractionRoutesOptions &
  ConfigurationRoutesOptions &
  StaRoutesOptions &
  OrphanRoutesOptions &
  ReconciliationRoutesOptions;

/** Everything EXCP can be asked, and the document that describes it. */
export function api(options: ApiOptions) {
  const all: readonly Route[] = [
    ...metadataRoutes(options),
    ...callEventRoutes(options),
    ...interactionRoutes(options),
    ...configurationRoutes(options),
    ...staRoutes(options),
    ...orphanRoutes(options),
    ...reconciliationRoutes(options),
  ];
  const info = {
    title: 'EXCP – conversation provider',
    version: '1',
    description:
      'Collects metadata and call events, and hands over each segment of an ended interaction.',
  };
  return { all, openapi: openApiOf(info, all) };
}
