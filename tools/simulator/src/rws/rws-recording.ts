/**
 * A recording as GIR's Interaction Recording Web Services show it (docs/reference/genesys-facts.md#34-the-recording-resource): numbers are strings, times have
 * the form `2026-03-02T09:15:04.000+0000`, the media files are GIR's own mp3.
 */
export type RwsRecording = {
  /** The CallUUID. */
  readonly id: string;
  readonly callerPhoneNumber: string;
  readonly dialedPhoneNumber: string;
  readonly startTime: string;
  readonly stopTime: string;
  readonly callType: string;
  readonly region: string;
  readonly mediaFiles: readonly RwsMediaFile[];
  /** May be empty: RPS fills it from ICON. */
  readonly eventHistory: readonly RwsHistoryEntry[];
};

export type RwsMediaFile = {
  readonly mediaId: string;
  readonly mediaUri: string;
  readonly mediaPath: string;
  readonly playPath: string;
  readonly startTime: string;
  readonly stopTime: string;
  readonly callUUID: string;
  readonly type: 'audio/mp3';
  /** Milliseconds. */
  readonly duration: string;
  /** Bytes of the mp3, which say nothing about the opus file. */
  readonly size: string;
  readonly tenant: string;
  readonly ivrprofile: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly masks: readonly unknown[];
  readonly partitions: readonly unknown[];
  readonly accessgroups: readonly string[];
};

/** Parties come and go; attached data changes. The shape of the data entries is not public. */
export type RwsHistoryEntry = { readonly occurredAt: string; readonly calluuid: string } & (
  | {
      readonly event: 'Joined' | 'Left';
      readonly contact: {
        readonly type: 'External' | 'User';
        readonly phoneNumber: string;
        readonly userName?: string;
      };
    }
  | { readonly event: 'DataChanged'; readonly data: Readonly<Record<string, string | null>> }
);

/** `2026-03-02T09:15:04.000+0000` */
export function rwsTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}
