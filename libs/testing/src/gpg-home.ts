import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type CommandResult = {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
};

/** A `gpg` with key rings of its own, for tests that want to know whether the world can read what we write. */
export type GpgHome = {
  /** Runs `gpg --batch` with these arguments; a failure is in the exit code. */
  run(args: readonly string[], input?: Buffer): Promise<CommandResult>;
  /** Makes a key without a passphrase, e.g. `rsa3072` (which then encrypts itself) or `future-default` (ed25519 with a
   * cv25519 subkey); gives the armored public key. A userId that has a key already keeps it. */
  makeKey(userId: string, algorithm: string, expires?: string): Promise<string>;
  /** The plain bytes; throws with gpg's words when it refuses the message. */
  decrypt(message: Buffer): Promise<Buffer>;
  remove(): Promise<void>;
};

export async function createGpgHome(): Promise<GpgHome> {
  // Not below the workspace: the path of the agent's socket may have 108 characters only.
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  await launchAgent(home);
  const run: GpgHome['run'] = (args, input) =>
    runCommand(
      'gpg',
      ['--homedir', home, '--batch', '--no-tty', '--trust-model', 'always', ...args],
      input,
    );
  const must = async (args: readonly string[], input?: Buffer) => {
    const result = await run(args, input);
    if (result.exitCode !== 0) throw new Error(`gpg ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
  return {
    run,
    async makeKey(userId, algorithm, expires = 'never') {
      const known = await run(['--armor', '--export', userId]);
      if (known.stdout.length > 0) return known.stdout.toString('latin1');
      const usage = algorithm.startsWith('rsa') ? 'cert,sign,encr' : 'default';
      await must(['--passphrase', '', '--quick-generate-key', userId, algorithm, usage, expires]);
      return (await must(['--armor', '--export', userId])).toString('latin1');
    },
    decrypt: (message) => must(['--decrypt'], message),
    async remove() {
      await runCommand('gpgconf', ['--homedir', home, '--kill', 'all']);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** On a busy machine `gpg` gives its agent up before it has started; it uses one that runs already. */
async function launchAgent(home: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { exitCode, stderr } = await runCommand('gpgconf', [
      ...['--homedir', home],
      ...['--launch', 'gpg-agent'],
    ]);
    if (exitCode === 0) return;
    if (tries === 3) throw new Error(`gpg-agent does not start: ${stderr}`);
  }
}

/** Runs a program with the given standard input to its end. */
export function runCommand(
  program: string,
  args: readonly string[],
  input?: Buffer,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({
        exitCode: exitCode ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    // A program that refuses its input early closes the pipe; its exit code says so.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
