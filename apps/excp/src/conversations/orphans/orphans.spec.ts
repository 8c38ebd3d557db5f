import type { OrphanRecording } from '@exrec/gc-api';
import { conversationIdOf, recordingIdOf } from '@exrec/gc-metadata';
import { silentLogger } from '@exrec/service-kit';
import { mediaFile } from '../../../test/sample-call.js';
import { readInteraction } from '../../call-log/kept-interaction.js';
import { Orphans } from './orphans.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000001';
const { mediaId } = mediaFile(callUUID);
const recordingId = recordingIdOf(mediaId);
const kept = readInteraction({
  rootCallUUID: callUUID,
  archive: 'none',
  calls: [
    {
      callUUID,
      rev: '1',
      fields: { [`s:${mediaId}`]: JSON.stringify({ source: 'mcp', raw: mediaFile(callUUID) }) },
    },
  ],
});
const leg = { conversationId: conversationIdOf(callUUID), communicationId: 'c', isGap: false };
const orphan = (more: Partial<OrphanRecording>): OrphanRecording => ({
  ...{ id: 'o', orphanStatus: 'NO_CONVERSATION', createdTime: null },
  ...{ recordingId: null, sourceOrphaningId: null, ...more },
});

/** Genesys Cloud with these orphans, EXRP that knows one media file, EXCP that knows one call. */
function orphansOf(...all: readonly OrphanRecording[]) {
  const attached: string[] = [];
  const orphans = new Orphans({
    gc: {
      orphanRecordings: () => Promise.resolve([...all]),
      attachOrphan: ({ orphanId, conversationId }) => {
        attached.push(`${orphanId} ${conversationId}`);
        return Promise.resolve();
      },
    },
    callLog: { load: (id) => Promise.resolve(id === callUUID ? kept : undefined) },
    planner: { knownLegIds: () => new Map([[mediaId, leg]]) },
    audioFileOf: (id) => Promise.resolve(id === recordingId ? mediaId : undefined),
    logger: silentLogger,
  });
  return { orphans, attached };
}

it('knows ours by the interaction that they name, or by their recordingId, and no others', async () => {
  const { orphans } = orphansOf(
    orphan({ id: 'by-call', sourceOrphaningId: callUUID, recordingId }),
    orphan({ id: 'by-recording', recordingId }),
    orphan({ id: 'of-others', recordingId: recordingIdOf('other.opus') }),
    orphan({ id: 'of-nobody', sourceOrphaningId: 'x' }),
  );
  const list = await orphans.list();
  expect(list.map(({ orphanId }) => orphanId)).toEqual(['by-call', 'by-recording']);
  for (const found of list)
    expect(found).toMatchObject({ interactionId: callUUID, conversationId: leg.conversationId });
});

it('gives those that are meant their conversation', async () => {
  const { orphans, attached } = orphansOf(
    orphan({ id: 'one', sourceOrphaningId: callUUID, recordingId }),
  );
  expect(await orphans.attach(['another'])).toEqual([]);
  expect(await orphans.attach([recordingId])).toMatchObject([{ outcome: 'attached' }]);
  expect(await orphans.attach(undefined)).toMatchObject([{ outcome: 'attached' }]);
  expect(attached).toEqual([`one ${leg.conversationId}`, `one ${leg.conversationId}`]);
});
