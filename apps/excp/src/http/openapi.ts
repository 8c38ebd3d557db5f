import { callEventKinds } from '../interaction/index.js';
import { interactionStates } from './interaction-view.js';

const problem = {
  description: 'what is wrong',
  content: { 'application/problem+json': { schema: { type: 'object' } } },
};
const json = (schema: object) => ({ 'application/json': { schema } });
const answer = (description: string, schema: object = { type: 'object' }) => ({
  description,
  content: json(schema),
});
const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const query = (name: string, schema: object) => ({ name, in: 'query', schema });

const metadataAnswer = {
  type: 'object',
  properties: {
    statusCode: { const: 0 },
    recordings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          mediaId: { type: 'string' },
          recordingId: { type: 'string', format: 'uuid' },
          status: { enum: ['stored', 'duplicate', 'updated', 'rejected'] },
          reason: { type: 'string' },
        },
      },
    },
  },
};

const eventsAnswer = {
  type: 'object',
  properties: {
    accepted: { type: 'integer' },
    duplicates: { type: 'integer' },
    rejected: {
      type: 'array',
      items: {
        type: 'object',
        properties: { index: { type: 'integer' }, reason: { type: 'string' } },
      },
    },
  },
};

const collecting = {
  '/api/contact-centers/{ccid}/recordings': {
    post: {
      summary: 'Metadata of recorded audio files, as MCP posts them',
      security: [{ basic: [] }, {}],
      parameters: [path('ccid')],
      requestBody: {
        required: true,
        description: 'a recording envelope, a media file, or an array of either; 1 MiB at most',
        content: { '*/*': { schema: {} } },
      },
      responses: {
        200: answer('Redis has them', metadataAnswer),
        400: problem,
        401: problem,
        403: problem,
        413: problem,
        503: problem,
      },
    },
  },
  '/api/v1/call-events': {
    post: {
      summary: 'Call events of the T-Library feed',
      requestBody: {
        required: true,
        description: 'one event, an array, or lines; 5 MiB or 5,000 events at most',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['event', 'time', 'callUUID'],
              properties: { event: { enum: callEventKinds } },
            },
          },
          'application/x-ndjson': { schema: {} },
        },
      },
      responses: {
        202: answer('Redis has them', eventsAnswer),
        400: problem,
        401: problem,
        413: problem,
        503: problem,
      },
    },
  },
};

const reading = {
  '/api/v1/interactions': {
    get: {
      summary: 'Interactions: those that are not finished by time, then the finished ones',
      parameters: [
        query('state', { enum: interactionStates }),
        query('limit', { type: 'integer', default: 100, maximum: 1000 }),
        query('cursor', { type: 'string' }),
      ],
      responses: { 200: answer('items and nextCursor'), 400: problem, 401: problem },
    },
  },
  '/api/v1/interactions/{callUUID}': {
    get: {
      summary: 'What happened to the interaction of this call, and why',
      parameters: [path('callUUID')],
      responses: { 200: answer('the interaction'), 401: problem, 404: problem },
    },
  },
  '/api/v1/interactions/{callUUID}/end': {
    post: {
      summary: 'End the interaction now; segments that EXRP refused are sent again',
      parameters: [path('callUUID')],
      responses: { 202: answer('it will end'), 401: problem, 404: problem, 409: problem },
    },
  },
  '/api/v1/configuration': {
    get: {
      summary: 'What decisions are made from: GC configuration, sync-scope and maps',
      responses: { 200: answer('the configuration'), 401: problem },
    },
  },
  '/api/v1/sta/preview': {
    post: {
      summary: 'Which program and language a call would get, or why none (admin)',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['recordedParty'],
              properties: {
                queue: { type: 'string' },
                agent: { type: 'string' },
                dn: { type: 'string' },
                userData: { type: 'object' },
                recordedParty: { enum: ['agent', 'trunk'] },
              },
            },
          },
        },
      },
      responses: { 200: answer('the decision with its trail'), 400: problem, 401: problem },
    },
  },
  '/api/v1/sta/queues': {
    post: {
      summary: 'Which of these queues exist in Genesys Cloud, and how they are transcribed',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['queues'],
              properties: { queues: { type: 'array', items: { type: 'string' } } },
            },
          },
        },
      },
      responses: { 200: answer('in the order of the question'), 400: problem, 401: problem },
    },
  },
  '/api/v1/schemas/gc-metadata': {
    get: { summary: 'JSON Schema of GC-metadata', responses: { 200: answer('the schema') } },
  },
};

const reconciling = {
  '/api/v1/reconciliations': {
    post: {
      summary:
        'Compare segments, recordings and audio files now; what was never dispatched is sent',
      responses: {
        200: answer('the result'),
        202: answer('it is running; the result comes under `latest`'),
        401: problem,
        503: problem,
      },
    },
  },
  '/api/v1/reconciliations/latest': {
    get: {
      summary: 'The latest comparison: one sentence, counts, and the first 1,000 of each kind',
      responses: { 200: answer('the result'), 401: problem, 404: problem },
    },
  },
};

/** EXCP's API as OpenAPI 3.1 describes it. */
export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'EXCP – conversation provider',
    version: '1',
    description:
      'Collects metadata and call events, and hands over each segment of an ended interaction.',
  },
  security: [{ bearer: [] }],
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      basic: { type: 'http', scheme: 'basic' },
    },
  },
  paths: { ...collecting, ...reading, ...reconciling },
};
