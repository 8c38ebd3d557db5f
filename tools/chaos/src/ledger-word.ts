import { recordingIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { adminToken } from './fleet.js';
import { patience } from './patience.js';

/** What the ledger says, in the end, of the recordings that EXCP has acknowledged. */
export type LedgerWord = {
  /** Accepted recordings that it does not list. */
  readonly missing: number;
  /** Of its proof over all time. */
  readonly collected: number;
  readonly unexplained: number;
  /** Calls that are found by their agent. */
  readonly found: number;
};

export async function ledgerWord(url: string, accepted: ReadonlySet<string>): Promise<LedgerWord> {
  const known = await knownToLedger(url);
  const calls = await csv(url, '/api/v1/interactions?agent=agent7105&format=csv');
  const proof = await get(url, '/api/v1/proof?from=2020-01-01&to=2100-01-01');
  const { collected, unexplained } = (await proof.json()) as LedgerWord;
  const missing = [...accepted].filter((mediaId) => !known.has(recordingIdOf(mediaId)));
  return { missing: missing.length, collected, unexplained, found: calls.length };
}

/** Ids of all recordings that the ledger lists. */
export async function knownToLedger(url: string): Promise<ReadonlySet<string>> {
  const lines = await csv(url, '/api/v1/recordings?format=csv');
  return new Set(lines.map((line) => line.split(',')[0] ?? ''));
}

/** What a ledger says of its database in `ready`: `up`, or what is wrong. */
export async function databaseWord(url: string): Promise<string> {
  return waitFor(
    'a word about the database',
    async () => {
      const answer = await get(url, '/health/ready').catch(() => undefined);
      const said = (await answer?.json().catch(() => undefined)) as Readiness | undefined;
      const { status, reason } = said?.checks.database ?? {};
      return reason ?? status;
    },
    patience,
  );
}

type Readiness = { readonly checks: { readonly database?: { status: string; reason?: string } } };

async function csv(url: string, path: string): Promise<string[]> {
  const answer = await get(url, path);
  return (await answer.text()).split('\r\n').slice(1).filter(Boolean);
}

function get(url: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
}
