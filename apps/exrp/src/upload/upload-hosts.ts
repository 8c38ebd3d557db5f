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

function matchesHost(hostname: string, pattern: string): boolean {
  const labels = pattern.toLowerCase().split('.');
  const expression = labels.map((label) =>
    label === '*' ? '[a-z0-9-]+(?:\\.[a-z0-9-]+)*' : quoted(label),
  );
  return new RegExp(`^${expression.join('\\.')}$`).test(hostname.toLowerCase());
}

function quoted(text: string): string {
  return text.replace(/[^a-z0-9]/g, '\\$&');
}

function refused(detail: string): Failure {
  return Failure.later('upload-failed', { detail });
}
