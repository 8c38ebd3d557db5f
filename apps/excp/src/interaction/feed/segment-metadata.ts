import type { CallType } from './call-event.js';
import type { JsonObject, JsonValue } from './json-value.js';

/** One line of RWS' `eventHistory` (docs/reference/genesys-facts.md#34-the-recording-resource), read and checked. */
export type HistoryEntry =
  | {
      readonly kind: 'joined' | 'left';
      readonly atMs: number;
      readonly callUUID: string;
      readonly contactType: 'agent' | 'external';
      readonly dn: string;
      readonly userName?: string | undefined;
    }
  | {
      readonly kind: 'data';
      readonly atMs: number;
      readonly callUUID: string;
      readonly userData: JsonObject;
    };

/**
 * What was wrong with the metadata of a media file that was taken all the same: a field that cannot be read and that
 * others stand in for, or an end shortly before the start.
 */
export type MetadataFlag =
  | 'start-unreadable'
  | 'stop-unreadable'
  | 'stop-before-start'
  | 'duration-unreadable'
  | 'size-unreadable';

/** What MCP or RWS says about one recorded audio file (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file). */
export interface SegmentMetadata {
  readonly mediaId: string;
  readonly callUUID: string;
  readonly source: 'mcp' | 'rws';
  readonly startMs: number;
  readonly stopMs: number;
  readonly durationMs: number;
  readonly sizeBytes?: number | undefined;
  readonly contentType?: string | undefined;
  readonly agentId?: string | undefined;
  readonly recordDN?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly callType?: CallType | undefined;
  /** `parameters` whose values are text or numbers, as text. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly masks: readonly JsonValue[];
  readonly history: readonly HistoryEntry[];
  readonly flags?: readonly MetadataFlag[] | undefined;
  /** The media file as it came, unknown fields included. */
  readonly raw: JsonObject;
  /** The envelope as it came, without its `mediaFiles`. */
  readonly envelope?: JsonObject | undefined;
}
