import { startRwsSimulator, type RwsRecording, type RwsSimulator } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let rws: RwsSimulator;
let stack: ExcpStack;
beforeAll(async () => {
  rws = await startRwsSimulator();
  stack = await ExcpStack.start({
    EXCP_METADATA_SOURCE: 'both',
    RWS_URL: rws.url,
    // 2 s: a try at the beginning, and one at the end.
    RWS_DEADLINE_HOURS: String(2 / 3_600),
    RWS_USERNAME: rws.username,
    RWS_PASSWORD: rws.password,
  });
});
afterAll(async () => {
  await stack.stop();
  await rws.stop();
});

/** What RWS tells of a call with one media file: the same as MCP's, and which agent came when. */
function recordingOf(callUUID: string): RwsRecording {
  const { mediaId, startTime, stopTime, ...file } = mediaFile(callUUID);
  const contact = { type: 'User', phoneNumber: '7105', userName: 'agent7105' } as const;
  return {
    ...{ id: callUUID, startTime, stopTime, callType: 'Inbound', region: 'region1' },
    ...{ callerPhoneNumber: '4930555010', dialedPhoneNumber: '8005550100' },
    eventHistory: [{ occurredAt: startTime, calluuid: callUUID, event: 'Joined', contact }],
    mediaFiles: [
      {
        ...{ ...file, startTime, stopTime, mediaUri: '', mediaPath: '', playPath: '' },
        ...{ type: 'audio/mp3', tenant: 'Environment', ivrprofile: 'record' },
        ...{ mediaId: mediaId.replace('.opus', '.mp3'), partitions: [], accessgroups: [] },
      },
    ],
  };
}

it('waits without call events for what RWS tells of the agents, before it sends what MCP has told', async () => {
  const callUUID = newCallUUID();
  rws.put([recordingOf(callUUID)]);
  rws.behave({ delayMs: 1_500 });
  const told = mediaFile(callUUID, 'a', { parameters: { agentId: 'agent7105' } });
  await stack.postMetadata(told);
  await stack.reaches(callUUID, 'finished');
  const sent = stack.exrp.of(told.mediaId);
  expect(sent).toMatchObject([{ metadata: { agent: { id: 'agent7105', dn: '7105' } } }]);
});

it('asks until a new deadline when an administrator asks for the end once more', async () => {
  const callUUID = newCallUUID();
  rws.behave({ delayMs: 0 });
  const triesMade = () => rws.requests.filter(({ path }) => path.endsWith(callUUID)).length;
  const isMissing = async (tries: number) => {
    await waitFor(`${tries} tries`, () => triesMade() === tries);
    const view = await stack.reaches(callUUID, 'finished');
    expect(view.flags).toEqual(['metadata-missing']);
  };
  await stack.postEvents(queueCallEvents(callUUID));
  await isMissing(2);
  await stack.end(callUUID);
  await isMissing(4);
});

it('sends what MCP has told though RWS does not answer', async () => {
  const callUUID = newCallUUID();
  rws.behave({ delayMs: 0 });
  rws.order({ route: 'recording', times: 100, answer: 503 });
  await stack.postMetadata(mediaFile(callUUID));
  const isSent = () => stack.exrp.of(mediaFile(callUUID).mediaId).length === 1;
  await waitFor('the segment', isSent);
});
