import type { CallLog } from '../src/call-log/call-log.js';
import type { KeptInteraction } from '../src/call-log/kept-interaction.js';
import { readMetadata } from '../src/collect/index.js';
import type { LogEntry } from '../src/interaction/index.js';
import { mediaFile } from './sample-call.js';

/** A media file as MCP would post it. */
export function segmentOf(callUUID: string, name = 'a', more: object = {}): LogEntry {
  // Goes through JSON, as everything that is posted does.
  const json = JSON.parse(JSON.stringify(mediaFile(callUUID, name, more))) as never;
  const [found] = readMetadata(json, 'mcp').accepted;
  if (found === undefined) throw new Error('the sample is not readable');
  return { kind: 'segment', segment: found };
}

export async function loaded(calls: CallLog, callUUID: string): Promise<KeptInteraction> {
  const kept = await calls.load(callUUID);
  if (kept === undefined) throw new Error('nothing is kept');
  return kept;
}
