import { gcMetadataJsonSchema } from '@exrec/gc-metadata';
import type { Access } from '@exrec/service-kit';
import { Router } from 'express';
import type { Conversations } from '../conversations/create-conversations.js';
import type { RuleSource } from '../rules/rules.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import type { IntegrationFile } from '../rules/integration-file.js';

export type ConfigurationRoutesOptions = {
  readonly configuration: StaConfiguration;
  readonly rules: RuleSource & Pick<IntegrationFile, 'problems'>;
  /** undefined: GC is told of no conversations */
  readonly conversations: Pick<Conversations, 'source' | 'store'> | undefined;
  readonly access: Access;
};

/** What decisions are made from (docs/design/CONTRACTS.md#25-reading-back): no secrets. */
export function configurationRoutes(options: ConfigurationRoutesOptions): Router {
  const mayRead = options.access.atLeast('viewer');
  const router = Router();
  router.get('/configuration', mayRead, async (_request, response) => {
    const { conversations } = options;
    const gaps = (await conversations?.store.gaps()) ?? [];
    const source = conversations === undefined ? null : (conversations.source.id ?? null);
    response.json({ ...configurationView(options), source, gaps });
  });
  router.get('/schemas/gc-metadata', mayRead, (_request, response) => {
    response.type('application/schema+json').send(JSON.stringify(gcMetadataJsonSchema));
  });
  return router;
}

function configurationView({ configuration, rules }: ConfigurationRoutesOptions) {
  const present = rules.current();
  return {
    genesysCloud: configuration.view(),
    rules:
      present === undefined
        ? null
        : {
            queueParameter: present.keyNames.queueParameter,
            userDataLanguageKey: present.keyNames.languageKey ?? null,
            defaultLanguage: present.staDefaultLanguage ?? null,
            syncScope: present.syncScope ?? null,
            queueMap: present.queueMap,
            mappedAgents: Object.keys(present.agentMap).length,
          },
    fileProblems: rules.problems(),
  };
}
