/** Why a recording waits or failed, in words: what it means and what to do. One source for runbook, console and `exrec`. */
export type CauseWords = {
  /** A few words, after "waiting:" or "failed:". */
  readonly title: string;
  readonly means: string;
  readonly todo: string;
};

/**
 * Every cause that a recording or a segment on its way to EXRP may have (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). `waits`: tried again by
 * itself; `dead-letter`: a person decides; `both`: waits until a deadline; `none`: no state of a recording.
 */
export const causes = {
  'audio-missing': 'both',
  'audio-incomplete': 'both',
  'audio-invalid': 'dead-letter',
  'storage-unavailable': 'waits',
  'no-key': 'waits',
  'key-invalid': 'waits',
  'gc-unavailable': 'waits',
  'gc-rate-limited': 'waits',
  'gc-unauthorized': 'waits',
  'gc-rejected': 'dead-letter',
  'upload-expired': 'waits',
  'upload-failed': 'waits',
  'upload-rejected': 'dead-letter',
  poison: 'dead-letter',
  'spool-full': 'waits',
  'record-unreadable': 'dead-letter',
  'metadata-unreadable': 'waits',
  'report-unavailable': 'none',
  'redis-unavailable': 'waits',
  'unexpected-error': 'waits',
  'exrp-unavailable': 'waits',
  'exrp-unauthorized': 'waits',
  'exrp-refused': 'dead-letter',
} as const;
export type Cause = keyof typeof causes;

export function isCause(text: string): text is Cause {
  return Object.hasOwn(causes, text);
}
