/** `npm start [-- --once] [-- --yes]`: the whole system on this machine, with sample calls. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { askBeforeUpload } from './ask-before-upload.mjs';
import { CannotGoOn, runNx, say, workspaceRoot } from './progress.mjs';
import { runScript, setup } from './setup.mjs';

const projects = ['excp', 'exrp', 'storage', 'ledger', 'console', 'exrec', 'simulator', 'stack'];
const stackProgram = join(workspaceRoot, 'dist', 'tools', 'stack', 'main.js');
/** npm and the terminal both pass one Ctrl-C on; within this time it counts once. */
const sameKeyPressMs = 500;

await runScript(async () => {
  const args = process.argv.slice(2);
  await askBeforeUpload(args);
  await setup('start');
  say('building what changed');
  const code = await runNx('run-many', '-t', 'build', '-p', projects.join(','));
  if (code !== 0) throw new CannotGoOn('The build failed; what it printed above says why.');
  say('starting');
  return runStack([...args, '--yes']);
});

/**
 * Runs the stack in a process group of its own, so that it hears of Ctrl-C from here only, once.
 * Resolves with its exit code when it has stopped all it started.
 */
function runStack(args) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['--enable-source-maps', stackProgram, ...args], {
      cwd: workspaceRoot,
      stdio: 'inherit',
      detached: true,
    });
    let passedOnAt = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (Date.now() - passedOnAt < sameKeyPressMs) return;
        passedOnAt = Date.now();
        child.kill(signal);
      });
    }
    child.once('error', failed);
    child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  });
}
