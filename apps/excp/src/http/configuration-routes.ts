import { gcMetadataJsonSchema } from '@exrec/gc-metadata';
import { route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { Conversations } from '../conversations/create-conversations.js';
import type { IntegrationFile } from '../rules/integration-file.js';
import { configurationSchema, type ConfigurationView } from '../sta-config/index.js';

export type ConfigurationRoutesOptions = {
  readonly access: Access;
  readonly configuration: { view(): ConfigurationView };
  readonly file: Pick<IntegrationFile, 'current' | 'problems'>;
  /** undefined: GC is told of no conversations */
  readonly conversations: Pick<Conversations, 'source' | 'store'> | undefined;
};

const text = z.string().nullable();
const strings = z.array(z.string());
const viewSchema = z.object({
  genesysCloud: configurationSchema,
  rules: z
    .object({
      queueParameter: z.string(),
      userDataLanguageKey: text,
      defaultLanguage: text,
      syncScope: z.object({ agents: strings, dns: strings, queues: strings }).nullable(),
      queueMap: z.record(z.string(), z.string()),
      mappedAgents: z.int(),
    })
    .nullable(),
  fileProblems: strings,
  source: text.describe('the Genesys Cloud integration under which conversations are told'),
  gaps: z
    .array(z.object({ kind: z.enum(['agent', 'queue']), name: z.string(), count: z.int() }))
    .describe('agents and queues that Genesys Cloud does not know'),
});

/** What decisions are made from (docs/design/CONTRACTS.md#25-reading-back): no secrets. */
export function configurationRoutes(options: ConfigurationRoutesOptions): readonly Route[] {
  const { configuration, conversations, access } = options;
  return [
    route({
      method: 'get',
      path: '/api/v1/configuration',
      summary: 'What decisions are made from: GC configuration, sync-scope and maps',
      access: access.atLeast('viewer'),
      answers: { 200: { description: 'the configuration', schema: viewSchema } },
      answer: async () => ({
        body: {
          genesysCloud: configuration.view(),
          ...rulesView(options),
          source: conversations?.source.id ?? null,
          gaps: (await conversations?.store.gaps()) ?? [],
        },
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/schemas/gc-metadata',
      summary: 'JSON Schema of GC-metadata',
      access: access.atLeast('viewer'),
      answers: { 200: { description: 'the schema', type: 'application/schema+json' } },
      answer: () => ({
        headers: { 'content-type': 'application/schema+json' },
        body: gcMetadataJsonSchema,
      }),
    }),
  ];
}

function rulesView({ file }: ConfigurationRoutesOptions) {
  const present = file.current();
  return {
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
    fileProblems: file.problems(),
  };
}
