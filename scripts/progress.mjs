/** Words on the terminal: what is being done, since when. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const workspaceRoot = resolve(import.meta.dirname, '..');

/** A script that another one runs counts from the start of that one. */
const startedAtName = 'EXREC_SCRIPT_STARTED_AT_MS';
const startedAt = Number(process.env[startedAtName] ?? Date.now());

/** Prints one line with the time since the start. */
export function say(text) {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`[${seconds} s] ${text}\n`);
}

/** Ends this program with words for the person before the terminal. */
export class CannotGoOn extends Error {}

/** Runs a program in the workspace, its output on the terminal. Resolves with its exit code. */
export function run(command, args, environment = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd: workspaceRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, [startedAtName]: String(startedAt), ...environment },
    });
    child.once('error', failed);
    child.once('exit', (code, signal) => done(signal === null ? code : 1));
  });
}

/** Runs one of the workspace's own tools, quietly and without a daemon that would outlive it. */
export function runTool(file, args, environment = {}) {
  return run(process.execPath, [resolve(workspaceRoot, 'node_modules', file), ...args], {
    ...environment,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
  });
}

export function runNx(...args) {
  return runTool('nx/dist/bin/nx.js', [...args, '--outputStyle=static']);
}
