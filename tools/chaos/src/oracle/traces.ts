import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlayedScenario } from '@exrec/simulator';
import { filesContaining, listFiles, postgresPrograms, runCommand } from '@exrec/testing';
import { plantedName } from '../load/calls.js';
import { secrets } from '../system/settings.js';
import type { System } from '../system/system.js';
import type { Violation } from './seen.js';

/** What every Ogg page begins with. */
const oggMagic = 'OggS';
/** What only a signed URL holds. */
const signature = 'X-Amz-Signature';
/** Of the services: that of the programs around them is not ours. */
const ownLogs = /^(excp|exrp|ledger|storage)/;

/** Everything on disk that may not be there once all work is done. */
export async function traceViolations(
  system: System,
  calls: readonly PlayedScenario[],
): Promise<Violation[]> {
  const needles = plantedIn(calls);
  return [
    ...(await leftInSpools(system)),
    ...(await plaintext(system)),
    ...(await inLogs(system, needles)),
    ...(await inDatabase(system, needles)),
  ];
}

/** By what they are called in a report: the report must not repeat them. */
function plantedIn(calls: readonly PlayedScenario[]): ReadonlyMap<string, string> {
  const needles = new Map<string, string>([
    [plantedName, 'the name of a customer'],
    [signature, 'a signed URL'],
  ]);
  for (const [name, secret] of Object.entries(secrets)) needles.set(secret, name);
  for (const { compiled } of calls)
    for (const { ani } of compiled.calls)
      if (ani.startsWith('+')) needles.set(ani.slice(1), 'the number of a caller');
  return needles;
}

async function leftInSpools({ disks }: System): Promise<Violation[]> {
  const left: Violation[] = [];
  for (const [who, { spoolDir }] of Object.entries(disks)) {
    const files = await listFiles(spoolDir);
    if (files.length > 0)
      left.push({ name: 'spool-not-empty', detail: `${who}: ${files.join(', ')}` });
  }
  return left;
}

/** Audio in the clear, anywhere but in the storage. */
async function plaintext({ dir }: System): Promise<Violation[]> {
  const files = await filesContaining(dir, oggMagic);
  return files
    .filter((file) => !file.startsWith('audio/'))
    .map((file) => ({ name: 'plaintext-audio', detail: file }));
}

async function inLogs({ logDir }: System, needles: ReadonlyMap<string, string>) {
  const found: Violation[] = [];
  for (const [needle, what] of needles)
    for (const file of await filesContaining(logDir, needle))
      if (ownLogs.test(file)) found.push({ name: 'planted-in-log', detail: `${what} in ${file}` });
  return found;
}

async function inDatabase({ postgres }: System, needles: ReadonlyMap<string, string>) {
  // The server on the PATH may be a link into the folder where all its programs are.
  const server = await realpath(postgresPrograms()?.postgres ?? '');
  const program = join(dirname(server), 'pg_dump');
  const dump = await runCommand(program, ['--no-owner', postgres.url]);
  if (dump.exitCode !== 0) return [{ name: 'no-dump', detail: dump.stderr }];
  return [...needles]
    .filter(([needle]) => dump.stdout.includes(needle))
    .map(([, what]) => ({ name: 'planted-in-database', detail: what }));
}
