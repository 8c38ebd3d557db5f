import { Failure } from '@exrec/service-kit';

export type UploadHostRule = {
  /** Host names, `*` for one or more labels (`EXRP_UPLOAD_HOSTS`). */
  readonly hosts: readonly string[];
  /** `EXRP_ALLOW_INSECURE_UPLOAD`: lifts the https rule and nothing else (docs/design/CONTRACTS.md#9-clarifications (7)). */
  readonly allowInsecure: boolean;
};

/**
 * A URL that GC named must point where recordings may go (docs/design/CONTRACTS.md#35-upload).
 * @throws Failure `upload-failed`, later: a wrong answer of GC or a missing setting can be mended
 */
export function assertUploadHost(url: string, { hosts, allowInsecure }: UploadHostRule): void {
  if (!URL.canParse(url)) throw refused('GC named no valid URL');
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') throw refused('the URL carries credentials');
  if (protocol !== 'https:' && !(allowInsecure && protocol === 'http:')) {
    throw refused('the URL is not https');
  }
  if (!hosts.some((pattern) => matchesHost(hostname, pattern))) {
    throw refused('the host is not in EXRP_UPLOAD_HOSTS');
  }
}

/** Label by label: `*` stands for one or more of them, and the last one may always take one more. */
function matchesHost(hostname: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase().split('.');
  const given = hostname.toLowerCase().split('.');
  let [at, wantedAt, starAt, resumeAt] = [0, 0, -1, 0];
  while (at < given.length) {
    const label = wanted[wantedAt];
    if (label === '*' && given[at] !== '') {
      [starAt, resumeAt] = [wantedAt, at + 1];
      [at, wantedAt] = [at + 1, wantedAt + 1];
    } else if (label !== undefined && label === given[at]) {
      [at, wantedAt] = [at + 1, wantedAt + 1];
    } else if (starAt >= 0 && given[resumeAt] !== '') {
      resumeAt += 1;
      [at, wantedAt] = [resumeAt, starAt + 1];
    } else return false;
  }
  return wantedAt === wanted.length;
}

function refused(detail: string): Failure {
  return Failure.later('upload-failed', { detail });
}
