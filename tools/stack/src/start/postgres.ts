import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  acceptsSessions,
  createCluster,
  postgresAccount,
  postgresPrograms,
  postgresUser,
  waitFor,
} from '@exrec/testing';
import type { Belongings } from './belongings.js';
import { startProgram } from './processes.js';
import { messageOf } from '../words.js';

export type OwnPostgresOptions = {
  readonly port: number;
  /** Its data are in `postgres` below it, new for each run. */
  readonly runDir: string;
  readonly logDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly belongings: Belongings;
};

/** A PostgreSQL of our own, or in one sentence why there is none: everything but the ledger does without. */
export type OwnPostgres = { readonly url: string } | { readonly lacking: string };

const howToGetIt =
  'runs without it: there is no PostgreSQL (Debian: apt-get install postgresql, or set LEDGER_DATABASE_URL)';

/** A PostgreSQL on 127.0.0.1 with no data, as an unprivileged user when this is run by root. */
export async function startOwnPostgres(options: OwnPostgresOptions): Promise<OwnPostgres> {
  const { port, logDir, env, belongings } = options;
  const programs = postgresPrograms(env.PATH);
  if (programs === undefined) return { lacking: howToGetIt };
  const account = postgresAccount();
  try {
    const dir = await folderFor(options, account);
    const dataDir = join(dir, 'data');
    await createCluster(programs.initdb, dataDir, account);
    const settings = ['shared_buffers=64MB', `unix_socket_directories=${dir}`, 'fsync=off'];
    const args = ['-D', dataDir, '-p', `${port}`, '-h', '127.0.0.1'];
    const program = await startProgram({
      name: 'postgres',
      command: programs.postgres,
      args: [...args, ...settings.flatMap((setting) => ['-c', setting])],
      cwd: dir,
      env: { PATH: env.PATH, LC_ALL: 'C' },
      logDir,
      account,
      // At SIGTERM it would wait for its last client.
      stopSignal: 'SIGINT',
    });
    belongings.addPrograms(program);
    await waitFor('PostgreSQL', () => !program.isRunning() || acceptsSessions(port));
    if (program.isRunning())
      return { url: `postgres://${postgresUser}@127.0.0.1:${port}/postgres` };
    return { lacking: `runs without it: PostgreSQL did not start, see ${program.logFile}` };
  } catch (error) {
    return { lacking: `runs without it: PostgreSQL cannot be used (${messageOf(error)})` };
  }
}

type Account = ReturnType<typeof postgresAccount>;

/** Below the run's folder, unless the account may not go there (a clone in root's home). */
async function folderFor(
  { runDir, belongings }: OwnPostgresOptions,
  account: Account,
): Promise<string> {
  const wanted = join(runDir, 'postgres');
  await rm(wanted, { recursive: true, force: true });
  if (account === undefined) {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    return wanted;
  }
  const isReachable = await mayBePassed(dirname(runDir));
  const dir = isReachable ? wanted : await mkdtemp(join(tmpdir(), 'exrec-postgres-'));
  if (isReachable) {
    // Others may go through it, not look into it.
    await chmod(runDir, 0o711);
    await mkdir(dir, { mode: 0o700 });
  } else belongings.add(() => rm(dir, { recursive: true, force: true }));
  await chown(dir, account.uid, account.gid);
  return dir;
}

async function mayBePassed(dir: string): Promise<boolean> {
  const { mode } = await stat(dir);
  if ((mode & 0o001) === 0) return false;
  const above = dirname(dir);
  return above === dir || mayBePassed(above);
}
