import { callIds } from './call-ids.js';
import { usualForm, type McpForm } from './mcp-behaviour.js';
import { mediaIdOf, metadataBody, type RecordedSegment } from './media-file.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const segment: RecordedSegment = {
  mediaId: `${callUUID}_1.opus`,
  callUUID,
  connID: '00730a1b2c3d4e5f',
  ani: '+4930555010',
  dnis: '8005550100',
  startMs: Date.parse('2026-03-02T09:15:04Z'),
  durationMs: 12_523,
  recordDN: '7105',
  agentId: 'agent7105',
  parameters: { queue: 'VQ_Sales' },
};
const file = { sizeBytes: 41_000, uri: 'http://webdav.example.local/a.opus' };
const bare: Partial<McpForm> = { body: 'media-file' };

function bodyIn(form: Partial<McpForm>): unknown {
  return metadataBody(segment, file, { ...usualForm, ...form });
}

it('names a file after the call, its start and three GVP ids', () => {
  expect(mediaIdOf(segment, 'current', callIds('x'))).toMatch(
    new RegExp(`^${callUUID}_2026-03-02_09-15-04(-[0-9A-F]{8}){3}\\.opus$`),
  );
});

it('names a file the older way, without the call', () => {
  expect(mediaIdOf(segment, 'callrec', callIds('x'))).toMatch(
    /^callrec\.[0-9A-F]{8}-[0-9A-F]{8}\.260302091504\.opus$/,
  );
});

it('gives an envelope with text for numbers and whole seconds for times', () => {
  expect(bodyIn({})).toMatchObject({
    id: callUUID,
    callerPhoneNumber: '+4930555010',
    dialedPhoneNumber: '8005550100',
    mediaFiles: [
      {
        mediaId: segment.mediaId,
        mediaUri: file.uri,
        callUUID,
        type: 'audio/opus',
        startTime: '2026-03-02T09:15:04Z',
        stopTime: '2026-03-02T09:15:16Z',
        duration: '12523',
        size: '41000',
        parameters: { id: callUUID, recordDN: '7105', agentId: 'agent7105', queue: 'VQ_Sales' },
      },
    ],
    eventHistory: [],
  });
});

it.each<[string, Partial<McpForm>, object]>([
  ['decimal seconds', { ...bare, duration: 'seconds' }, { duration: '12.523' }],
  ['numbers', { ...bare, numbers: 'number' }, { duration: 12_523, size: 41_000 }],
  [
    'offsets without a colon',
    { ...bare, times: '+0000' },
    { startTime: '2026-03-02T09:15:04.000+0000', stopTime: '2026-03-02T09:15:16.523+0000' },
  ],
  ['callUuid', { ...bare, callId: 'callUuid' }, { callUuid: callUUID }],
  ['an array of media files', { body: 'media-file-array' }, [{ mediaId: segment.mediaId }]],
  [
    'an array of envelopes',
    { body: 'envelope-array' },
    [{ mediaFiles: [{ mediaId: segment.mediaId }] }],
  ],
])('gives %s when told so', (_name, form, expected) => {
  expect(bodyIn(form)).toMatchObject(expected);
});

it('tells the call in the parameters alone when told so', () => {
  const body = bodyIn({ ...bare, callId: 'parameters' });
  expect(body).not.toHaveProperty('callUUID');
  expect(body).toHaveProperty('parameters.id', callUUID);
});

it('gives a trunk recording no agent', () => {
  const { agentId: _agent, ...trunk } = { ...segment, recordDN: 'Trunk_SBC1' };
  const body = metadataBody(trunk, file, { ...usualForm, ...bare });
  expect(body).toHaveProperty('parameters.recordDN', 'Trunk_SBC1');
  expect(body).not.toHaveProperty('parameters.agentId');
});
