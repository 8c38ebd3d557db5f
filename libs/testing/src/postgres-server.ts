import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { postgresAccount, postgresPrograms, type Account } from './postgres-program.js';
import { serverPatience, waitFor } from './wait-for.js';

const run = promisify(execFile);

export type PostgresServer = {
  /** As `LEDGER_DATABASE_URL` takes it; the database is empty. */
  readonly url: string;
  readonly port: number;
  /** Folder of its data. */
  readonly dataDir: string;
  /** Process id of the running server. */
  pid(): number;
  /** Ends it at once, as a crash would: its sessions are cut, its next start recovers. */
  kill(): Promise<void>;
  /** Starts again on the same port with the same data. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
};

export const postgresUser = 'exrec';

/**
 * A real PostgreSQL on a free port of 127.0.0.1 with its own data, as an unprivileged user when this process is root's.
 * It does not wait for the disk: what is tested is never the loss of power.
 * @param under folder that its own is made in
 * @throws when there is no PostgreSQL on this machine
 */
export async function startPostgres(under = tmpdir()): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('there is no PostgreSQL server on this machine');
  const account = postgresAccount();
  const dir = await mkdtemp(join(under, 'exrec-pg-'));
  await chmod(dir, 0o700);
  if (account !== undefined) await chown(dir, account.uid, account.gid);
  const dataDir = join(dir, 'data');
  await createCluster(programs.initdb, dataDir, account);
  const port = await freePort();
  const launch = () => launchServer(programs.postgres, { port, dir, dataDir, account });
  let child = await launch();
  const kill = () => ended(child, 'SIGQUIT');
  return {
    url: `postgres://${postgresUser}@127.0.0.1:${port}/postgres`,
    port,
    dataDir,
    pid: () => child.pid ?? 0,
    kill,
    restart: async () => {
      await kill();
      child = await launch();
    },
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes an empty server: everybody who reaches it on this machine may use it. */
export async function createCluster(
  initdb: string,
  dataDir: string,
  account: Account | undefined,
): Promise<void> {
  const args = ['-D', dataDir, '-U', postgresUser, '--auth=trust', '--no-sync'];
  args.push('--encoding=UTF8', '--locale=C', '--no-instructions');
  await run(initdb, args, {
    ...account,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
}

type Launch = {
  readonly port: number;
  readonly dir: string;
  readonly dataDir: string;
  readonly account: Account | undefined;
};

async function launchServer(
  postgres: string,
  { port, dir, dataDir, account }: Launch,
): Promise<ChildProcess> {
  const options = ['fsync=off', 'full_page_writes=off'];
  options.push('shared_buffers=32MB', 'max_connections=60', `unix_socket_directories=${dir}`);
  const args = ['-D', dataDir, '-p', `${port}`, '-h', '127.0.0.1'];
  const child = spawn(postgres, [...args, ...options.flatMap((option) => ['-c', option])], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  try {
    await waitFor(
      `PostgreSQL on port ${port}`,
      () => {
        if (failed) throw failed;
        if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
        return acceptsSessions(port);
      },
      serverPatience,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

/** A start-up message of protocol 3.0 for the user and database of {@link startPostgres}. */
function startUpMessage(): Buffer {
  const text = `user\0${postgresUser}\0database\0postgres\0\0`;
  const message = Buffer.alloc(8 + text.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(196_608, 4);
  message.write(text, 8, 'latin1');
  return message;
}

/** Whether a PostgreSQL on this port of 127.0.0.1 lets a session begin; one that is starting up refuses. */
export function acceptsSessions(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(startUpMessage()));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data) => {
      // 'R': asks for a password or takes the user as it is; 'E': an error.
      resolve(data.toString('latin1', 0, 1) === 'R');
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
