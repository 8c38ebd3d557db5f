import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackSettings } from './stack-settings.js';

export type StackUrls = {
  readonly storageUrl: string;
  readonly exrpUrl: string;
  readonly excpUrls: readonly [string, string];
  readonly ledgerUrl: string | undefined;
};

/**
 * Writes URLs and tokens of this run into a file for a shell, which only its owner may read.
 * @returns the file
 */
export async function writeEnvFile(settings: StackSettings, urls: StackUrls): Promise<string> {
  const { credentials, runDir } = settings;
  const variables = {
    EXCP: urls.excpUrls[0],
    EXCP_2: urls.excpUrls[1],
    EXRP: urls.exrpUrl,
    STORAGE: urls.storageUrl,
    ...(urls.ledgerUrl === undefined ? {} : { LEDGER: urls.ledgerUrl }),
    ADMIN_TOKEN: credentials.adminToken,
    EXRP_API_TOKEN: credentials.injectionToken,
    EXCP_EVENTS_TOKEN: credentials.eventsToken,
    EXCP_MCP_USERNAME: credentials.mcp.username,
    EXCP_MCP_PASSWORD: credentials.mcp.password,
    STORAGE_USERNAME: credentials.storage.username,
    STORAGE_PASSWORD: credentials.storage.password,
  };
  // What `exrec` reads from its environment.
  const forExrec = {
    ...(urls.ledgerUrl === undefined ? {} : { EXREC_URL: urls.ledgerUrl }),
    EXREC_TOKEN: credentials.adminToken,
  };
  const file = join(runDir, 'try.env');
  const lines = [
    ...Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}\n`),
    ...Object.entries(forExrec).map(([name, value]) => `export ${name}=${quoted(value)}\n`),
  ];
  // A file that exists would keep its mode.
  await rm(file, { force: true });
  await writeFile(file, lines.join(''), { mode: 0o600 });
  return file;
}

/** As a POSIX shell takes it literally. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
