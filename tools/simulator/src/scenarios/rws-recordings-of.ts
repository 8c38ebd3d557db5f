import type { PartyPresence, ScriptedCall } from '../call-events/scripted-call.js';
import type { RecordedSegment } from '../mcp/media-file.js';
import {
  rwsTime,
  type RwsHistoryEntry,
  type RwsMediaFile,
  type RwsRecording,
} from '../rws/rws-recording.js';
import type { CompiledScenario } from './compile-scenario.js';

/**
 * What RWS will show of a scenario: a recording for each call on which something was recorded, with GIR's
 * mp3 files under the stems of MCP's opus files, the agents' coming and going, and the attached data.
 */
export function rwsRecordingsOf({ calls, segments }: CompiledScenario): RwsRecording[] {
  return calls.flatMap((call) => {
    const recorded = segments
      .map(({ segment }) => segment)
      .filter((segment) => segment.callUUID === call.callUUID);
    return recorded.length === 0 ? [] : [rwsRecording(call, recorded)];
  });
}

function rwsRecording(call: ScriptedCall, segments: readonly RecordedSegment[]): RwsRecording {
  return {
    id: call.callUUID,
    callerPhoneNumber: call.ani.replace('+', ''),
    dialedPhoneNumber: call.dnis,
    startTime: rwsTime(call.startMs),
    stopTime: rwsTime(call.endMs),
    callType: call.callType,
    region: 'region1',
    mediaFiles: segments.map(mediaFile),
    eventHistory: historyOf(call),
  };
}

function mediaFile(segment: RecordedSegment): RwsMediaFile {
  const { callUUID, startMs, durationMs } = segment;
  const mediaId = segment.mediaId.replace(/\.opus$/, '.mp3');
  const playPath = `/recordings/${callUUID}/play/${mediaId}`;
  return {
    mediaId,
    mediaUri: `http://rws.example.local/api/v2${playPath}`,
    mediaPath: playPath,
    playPath,
    startTime: rwsTime(startMs),
    stopTime: rwsTime(startMs + durationMs),
    callUUID,
    type: 'audio/mp3',
    duration: `${durationMs}`,
    // 64 kbit/s, as GIR's mp3 files have.
    size: `${durationMs * 8}`,
    tenant: 'Environment',
    ivrprofile: 'record',
    parameters: {
      id: callUUID,
      callUuid: callUUID,
      ani: segment.ani.replace('+', ''),
      dnis: segment.dnis,
      connId: segment.connID,
      dateTime: `${new Date(startMs).toISOString().slice(0, 19)}Z`,
      recordDN: segment.recordDN,
      ...(segment.agentId === undefined ? {} : { agentId: segment.agentId }),
      ...segment.parameters,
    },
    masks: [],
    partitions: [],
    accessgroups: ['/'],
  };
}

function historyOf(call: ScriptedCall): RwsHistoryEntry[] {
  const at = (epochMs: number) => ({ occurredAt: rwsTime(epochMs), calluuid: call.callUUID });
  const external = { type: 'External' as const, phoneNumber: call.ani.replace('+', '') };
  const entries: RwsHistoryEntry[] = [{ ...at(call.startMs), event: 'Joined', contact: external }];
  if (call.userData !== undefined) {
    entries.push({ ...at(call.startMs), event: 'DataChanged', data: call.userData });
  }
  for (const happening of call.happenings) {
    if (happening.kind === 'data') {
      entries.push({ ...at(happening.atMs), event: 'DataChanged', data: happening.userData });
    }
    if (happening.kind === 'party' && happening.partyType === 'agent') {
      const contact = contactOf(happening);
      entries.push({ ...at(happening.fromMs), event: 'Joined', contact });
      entries.push({ ...at(happening.untilMs), event: 'Left', contact });
    }
  }
  return entries.sort(({ occurredAt: left }, { occurredAt: right }) => left.localeCompare(right));
}

function contactOf({ dn, agentId }: PartyPresence) {
  return {
    type: 'User' as const,
    phoneNumber: dn,
    ...(agentId === undefined ? {} : { userName: `${agentId}@example.com` }),
  };
}
