import { injectionStates } from '../injection/states/injection.js';

const problem = {
  description: 'what is wrong',
  content: { 'application/problem+json': { schema: { type: 'object' } } },
};
const json = (schema: object) => ({ 'application/json': { schema } });
const recordingId = {
  name: 'recordingId',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const query = (name: string, schema: object) => ({ name, in: 'query', schema });
const accepted = {
  type: 'object',
  properties: { recordingId: { type: 'string' }, state: { enum: injectionStates } },
};
const reason = {
  type: 'object',
  properties: { why: { type: 'string' } },
};

/** EXRP's API as OpenAPI 3.1 describes it. */
export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'EXRP – recording provider',
    version: '1',
    description:
      'Takes recordings from the transient storage, seals them and uploads them to Genesys Cloud.',
  },
  security: [{ bearer: [] }],
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/api/v1/injections': {
      post: {
        summary: 'Inject one recording',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            required: ['audioFile', 'metadata'],
            properties: {
              audioFile: { type: 'string' },
              metadata: { type: 'object', description: 'GC-metadata without audio and encryption' },
              expectedSizeBytes: { type: 'integer' },
              expectedDurationMs: { type: 'number' },
            },
          }),
        },
        responses: {
          202: { description: 'accepted: Redis has it', content: json(accepted) },
          200: { description: 'known already', content: json(accepted) },
          400: problem,
          401: problem,
          413: problem,
          503: problem,
        },
      },
      get: {
        summary: 'List injections, state after state, by time of acceptance',
        parameters: [
          query('state', { enum: injectionStates }),
          query('cause', { type: 'string' }),
          query('limit', { type: 'integer', default: 100, maximum: 1000 }),
          query('cursor', { type: 'string' }),
        ],
        responses: { 200: { description: 'items and nextCursor' }, 400: problem, 401: problem },
      },
    },
    '/api/v1/injections/{recordingId}': {
      get: {
        summary: 'One injection: state, cause, attempts, sizes, digests, key',
        parameters: [recordingId],
        responses: { 200: { description: 'the injection' }, 401: problem, 404: problem },
      },
    },
    '/api/v1/injections/{recordingId}/requeue': {
      post: {
        summary: 'Take one dead letter back into the queue (admin)',
        parameters: [recordingId],
        requestBody: { content: json(reason) },
        responses: {
          202: { description: 'queued', content: json(accepted) },
          401: problem,
          404: problem,
          409: problem,
        },
      },
    },
    '/api/v1/injections/requeue': {
      post: {
        summary: 'Take the dead letters of one cause back into the queue (admin)',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            required: ['cause'],
            properties: {
              cause: { type: 'string' },
              limit: { type: 'integer', default: 1000 },
              perMinute: { type: 'number', default: 600 },
              ...reason.properties,
            },
          }),
        },
        responses: { 202: { description: 'how many were requeued' }, 400: problem, 401: problem },
      },
    },
    '/api/v1/injections/counts': {
      get: {
        summary: 'How many injections are in which state, and which causes hold them up',
        responses: { 200: { description: 'states and causes' }, 401: problem },
      },
    },
    '/api/v1/injections/lookup': {
      post: {
        summary: 'State and cause of up to 1000 recordings',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            properties: { recordingIds: { type: 'array', items: { type: 'string' } } },
          }),
        },
        responses: { 200: { description: 'items' }, 400: problem, 401: problem },
      },
    },
    '/api/v1/audio-files': {
      get: {
        summary: 'The audio files in the transient storage, a JSON line each',
        responses: {
          200: {
            description: 'name, size, time and state',
            content: { 'application/x-ndjson': {} },
          },
          401: problem,
        },
      },
    },
    '/api/v1/schemas/gc-metadata': {
      get: {
        summary: 'JSON Schema of GC-metadata',
        responses: { 200: { description: 'the schema' } },
      },
    },
  },
};
