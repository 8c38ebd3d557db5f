import type { Cause, CauseWords } from './cause.js';

export const causesInEnglish: Readonly<Record<Cause, CauseWords>> = {
  'audio-missing': {
    title: 'audio not there yet',
    means: 'There is no such file on WebDAV. A dead letter after `EXRP_AUDIO_DEADLINE_HOURS`.',
    todo: 'One: look for it on MCP. Many: does MCP write to the WebDAV that `WEBDAV_URL` names? Then send again.',
  },
  'audio-incomplete': {
    title: 'audio not whole yet',
    means:
      'The size is not the announced one, the file still changes, or its end is missing. A dead letter after `EXRP_AUDIO_DEADLINE_HOURS`.',
    todo: 'Usually MCP is still writing. `detail` tells which; if it stays, the upload of MCP was cut: have it sent again. If the announced size was wrong, sending again drops it.',
  },
  'audio-invalid': {
    title: 'audio is no Ogg Opus',
    means: 'A whole file without an Opus stream, an empty one, or one above `EXRP_MAX_AUDIO_MB`.',
    todo: 'Check the recording format of MCP (`opus`). After mending the file: send again.',
  },
  'storage-unavailable': {
    title: 'WebDAV not usable',
    means: 'WebDAV is away, refuses us, or answers with a web page.',
    todo: '`ready` says `webdav`. Check the server, `WEBDAV_USERNAME`, `WEBDAV_PASSWORD` and proxies in between.',
  },
  'no-key': {
    title: 'no recording key',
    means:
      'Genesys Cloud gave no recording key, or could not be asked. Nothing is ever sent in the clear.',
    todo: '`ready` says `key`. Make a recording key in Genesys Cloud; check the permission `recording:encryptionKey:view`.',
  },
  'key-invalid': {
    title: 'no usable recording key',
    means:
      'No key can be used: expired, revoked, shorter than 2048 bits or unreadable. `detail` has the reason of each.',
    todo: 'Make a new recording key in Genesys Cloud; it is taken at the next try. Log `key.withdrawn`: Genesys Cloud lists the key that was in use as revoked or expired.',
  },
  'gc-unavailable': {
    title: 'Genesys Cloud not reachable',
    means: 'Genesys Cloud answers 5xx, cannot be reached, or answers what cannot be read.',
    todo: 'Look at the status page of Genesys Cloud, then at our proxy, DNS and `NODE_EXTRA_CA_CERTS`. It goes on by itself.',
  },
  'gc-rate-limited': {
    title: 'Genesys Cloud asks to wait',
    means: 'The request limit is reached; the whole fleet waits as long as Genesys Cloud says.',
    todo: 'Normal in a backlog. If constant: another program uses the same OAuth client, or give more clients (`GC_CLIENTS_FILE`).',
  },
  'gc-unauthorized': {
    title: 'Genesys Cloud does not let us',
    means: 'The OAuth client is refused, or a permission is missing. `detail` names it.',
    todo: 'Log `gc.client-refused`: check the secret of the client; log `gc.forbidden`: its roles or divisions lack the permission. It goes on by itself.',
  },
  'gc-rejected': {
    title: 'Genesys Cloud refused it',
    means:
      'Genesys Cloud refused the upload request, or its report says `Failure`. `detail` has its words.',
    todo: 'Mend what Genesys Cloud names, then send again.',
  },
  'upload-expired': {
    title: 'upload URL too old',
    means: 'The signed URL was too old when it was used; the next try has a new one.',
    todo: 'If constant: our clock, or a slow proxy; look at `clock.off`.',
  },
  'upload-failed': {
    title: 'upload did not get through',
    means:
      'S3 refused for now, was cut, or the URL named a host that is not in `EXRP_UPLOAD_HOSTS`.',
    todo: 'If constant with a host in `detail`: extend the list only if the host belongs to Amazon.',
  },
  'upload-rejected': {
    title: 'S3 refused it',
    means:
      'S3 will not take this ZIP: digest wrong twice, signature, too large. `detail` has its code.',
    todo: 'Is there a proxy that changes bodies or headers? Then send again.',
  },
  poison: {
    title: 'three workers died on it',
    means: 'Three processes ended while they worked on this recording; others go on.',
    todo: 'Keep the file and report it; do not send it again before the reason is known.',
  },
  'spool-full': {
    title: 'no room on the spool',
    means: 'The ZIPs on their way fill `EXRP_SPOOL_MAX_MB` or the disk.',
    todo: 'Enlarge it or lower `EXRP_CONCURRENCY`. If constant, uploads are stuck: look at `upload-failed`.',
  },
  'record-unreadable': {
    title: 'its record is damaged',
    means: 'The record in Redis cannot be read. All its bytes are kept.',
    todo: 'Compare it with a good one; after mending it, or after EXCP sent the call again, send again. Many: is the memory or disk of Redis faulty?',
  },
  'metadata-unreadable': {
    title: 'written by a newer release',
    means: 'This release cannot read what was accepted.',
    todo: 'Was a release rolled back? Roll forward.',
  },
  'report-unavailable': {
    title: 'upload report not available',
    means: 'A report could not be made or downloaded; recordings stay uploaded, not yet confirmed.',
    todo: 'The next report covers them. Check the permissions `recording:uploadReport:add` and `recording:uploadReport:view`; `EXRP_UPLOAD_HOSTS` holds for downloads too.',
  },
  'redis-unavailable': {
    title: 'Redis was away',
    means: 'Redis was away in the middle of an attempt.',
    todo: '`ready` says `redis`; nothing else to do.',
  },
  'unexpected-error': {
    title: 'unexpected error',
    means: 'A fault of this product.',
    todo: 'Log `recording.unexpected-error` has the stack: report it.',
  },
  'exrp-unavailable': {
    title: 'EXRP not reachable',
    means: 'EXRP does not take segments at the moment.',
    todo: 'Look at `ready` of EXRP, and whether `EXRP_URL` names its load balancer. It goes on by itself.',
  },
  'exrp-unauthorized': {
    title: 'EXRP does not let us',
    means: '`EXRP_API_TOKEN` differs between EXCP and EXRP.',
    todo: 'Give both the same token. It goes on by itself.',
  },
  'exrp-refused': {
    title: 'EXRP refused the metadata',
    means: 'EXRP found the metadata wrong; `detail` points at the fields.',
    todo: 'After mending, end the interaction once more: `POST /api/v1/interactions/{callUUID}/end`.',
  },
};
