/** The many forms in which MCP's metadata is met (docs/reference/genesys-facts.md#21-transport to docs/reference/genesys-facts.md#24-file-names). */
export type McpForm = {
  /** An envelope with `mediaFiles`, the bare media file, or an array of either. */
  readonly body: 'envelope' | 'media-file' | 'media-file-array' | 'envelope-array';
  /** Unit of `duration`: whole milliseconds or decimal seconds. */
  readonly duration: 'milliseconds' | 'seconds';
  /** Whether `duration` and `size` are JSON strings or numbers. */
  readonly numbers: 'text' | 'number';
  /** `2026-03-02T09:15:04Z` or `2026-03-02T09:15:04.000+0000`. */
  readonly times: 'Z' | '+0000';
  readonly contentType: 'application/json' | 'text/plain' | 'none';
  /** `<CallUUID>_<date>_<time>-….opus`, or the older `callrec.<hex>-<hex>.<yyMMddHHmmss>.opus`. */
  readonly names: 'current' | 'callrec';
  /** Where the call id is told: `callUUID`, `callUuid`, or `parameters.id` alone. */
  readonly callId: 'callUUID' | 'callUuid' | 'parameters';
  readonly path: 'plain' | 'trailing-slash';
};

export const usualForm: McpForm = {
  body: 'envelope',
  duration: 'milliseconds',
  numbers: 'text',
  times: 'Z',
  contentType: 'application/json',
  names: 'current',
  callId: 'callUUID',
  path: 'plain',
};

/**
 * What becomes of the audio on its way to WebDAV.
 * `cut`: the stored file is the first half of what the metadata says; `aborted`: the connection dies
 * half-way; `empty` and `not-ogg`: the metadata's size fits, the content is no recording.
 */
export type AudioUpload = 'whole' | 'slow' | 'cut' | 'aborted' | 'empty' | 'not-ogg';

/** How MCP handles one segment; everything has a usual value. */
export type McpBehaviour = {
  readonly form?: Partial<McpForm>;
  readonly upload?: AudioUpload;
  /** MCP's own order is `audio-first` (docs/reference/genesys-facts.md#0-the-seven-things-that-matter-most (1)); the other way round happens after a recovery. */
  readonly order?: 'audio-first' | 'metadata-first';
  /** How often the same metadata is posted again. */
  readonly reposts?: number;
};
