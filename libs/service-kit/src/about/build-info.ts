import { version as nodeVersion } from 'node:process';

declare const EXREC_BUILD: { readonly version: string; readonly commit: string } | undefined;

export type BuildInfo = { readonly version: string; readonly commit: string };

/** What this program was built from. scripts/build-app.mjs writes it in; run from source there is no release. */
export const buildInfo: BuildInfo =
  typeof EXREC_BUILD === 'undefined' ? { version: 'source', commit: 'unknown' } : EXREC_BUILD;

/** The answer to `GET /version`. */
export function versionView(service: string) {
  return { name: service, ...buildInfo, node: nodeVersion };
}

/** What `--version` prints. */
export function versionLine(service: string): string {
  return `${service} ${buildInfo.version} (commit ${buildInfo.commit}, Node.js ${nodeVersion})`;
}
