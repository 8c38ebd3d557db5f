import type { Fault } from './fault.js';

type GcFault = Omit<Extract<Fault, { kind: 'genesys-cloud' }>, 'kind' | 'who'>;

/** As long as the fault lasts. */
const always = { times: 0 } as const;

/** Every way in which Genesys Cloud and S3 misbehave, as orders to the simulator. */
export const gcFaults: readonly GcFault[] = [
  { order: { target: 'gc', kind: 'status', status: 503, ...always } },
  { order: { target: 'gc', kind: 'stall', ...always } },
  { order: { target: 'gc.uploads', kind: 'status', status: 500, ...always } },
  { order: { target: 'gc.uploads', kind: 'status', status: 429, retryAfterSeconds: 2, times: 6 } },
  { order: { target: 'gc.uploads', kind: 'html', times: 6 } },
  { order: { target: 'gc.uploads', kind: 'malformedJson', times: 6 } },
  { order: { target: 'gc.uploads', kind: 'omit', fields: ['url'], times: 6 } },
  { order: { target: 'gc.uploads', kind: 'resetAfterLastByte', times: 6 } },
  {
    order: { target: 'gc.uploads', kind: 'status', status: 400, code: 'bad.request', times: 2 },
    refuses: { cause: 'gc-rejected', atMost: 2 },
  },
  { order: { target: 'gc.events', kind: 'status', status: 503, ...always } },
  { order: { target: 'gc.events', kind: 'reset', times: 4 } },
  { order: { target: 'gc.events', kind: 'resetAfterLastByte', times: 4 } },
  { order: { target: 'gc.events', eventError: { retryable: true, times: 5 } } },
  { order: { target: 'gc.reports', kind: 'status', status: 500, ...always } },
  { order: { target: 'report-style', fails: true } },
  { order: { target: 'report-style', format: 'json', bom: true, polls: 3 } },
  { order: { target: 'oauth.token', kind: 'status', status: 503, ...always } },
  { order: { target: 'tokens', action: 'revoke' } },
  { order: { target: 'keys', action: 'rotate' } },
  { order: { target: 'keys', action: 'garbage' } },
  { order: { target: 'keys', action: 'empty' } },
  { order: { target: 'uploadUrl', kind: 'expired', times: 4 } },
  { order: { target: 's3.put', kind: 'slowDown', ...always } },
  { order: { target: 's3.put', kind: 'internalError', times: 6 } },
  { order: { target: 's3.put', kind: 'errorBody200', times: 4 } },
  { order: { target: 's3.put', kind: 'resetMidBody', times: 6 } },
  { order: { target: 's3.put', kind: 'resetAfterLastByte', times: 4 } },
  { order: { target: 's3.put', kind: 'delay', delayMs: 3_000, ...always } },
  { order: { target: 's3.put', kind: 'stall', times: 3 } },
  { order: { target: 's3.put', kind: 'badDigest', times: 1 } },
  {
    order: { target: 's3.put', kind: 'entityTooLarge', times: 2 },
    refuses: { cause: 'upload-rejected', atMost: 2 },
  },
  {
    order: { target: 's3.put', kind: 'signatureDoesNotMatch', times: 1 },
    refuses: { cause: 'upload-rejected', atMost: 1 },
  },
];
