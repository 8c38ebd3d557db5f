/**
 * `nx serve <app>`: builds the app and runs it, again after every change of a source file. While `npm start` runs, it
 * takes the place of that service, with its port, tokens and Redis.
 */
import { spawn } from 'node:child_process';
import { rmSync, watch, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, runningService } from './running-stack.mjs';

const workspaceRoot = resolve(import.meta.dirname, '..');
const projectDir = process.cwd();
const name = basename(projectDir);
const mainFile = resolve(workspaceRoot, 'dist', relative(workspaceRoot, projectDir), 'main.js');
/** Tells `npm start` who has taken the service over. */
const takenFile = join(workspaceRoot, '.run', `serve-${name}.pid`);
const quietMs = 300;
/** A service drains for at most 30 s. */
const drainMs = 35_000;
const wrongSettings = 78;

let running;
let timer;
let environment = {};

function run(command, args, options = {}) {
  return spawn(command, args, { stdio: 'inherit', cwd: projectDir, ...options });
}

function exited(child) {
  return new Promise((done) => child.once('exit', done));
}

async function restart() {
  const code = await exited(run(process.execPath, [resolve(import.meta.dirname, 'build-app.mjs')]));
  if (code !== 0) return;
  if (running && running.exitCode === null) {
    running.kill('SIGTERM');
    await exited(running);
  }
  await takeOver();
  running = run(process.execPath, ['--enable-source-maps', mainFile], {
    cwd: workspaceRoot,
    env: { ...process.env, ...environment },
  });
  running.once('exit', (exitCode) => {
    if (exitCode === wrongSettings) sayHow();
  });
}

async function takeOver() {
  const theirs = runningService(name);
  if (theirs === undefined || Object.keys(environment).length > 0) return;
  process.stdout.write(`npm start is running: this takes the place of its ${name}\n`);
  environment = theirs.env;
  writeFileSync(takenFile, `${process.pid}\n`);
  if (isAlive(theirs.pid)) process.kill(theirs.pid, 'SIGTERM');
  const deadline = Date.now() + drainMs;
  while (isAlive(theirs.pid) && Date.now() < deadline) await sleep(100);
}

function sayHow() {
  process.stdout.write(
    [
      '',
      `${name} needs settings. Either run \`npm start\` in another terminal: \`nx serve ${name}\` then takes the place`,
      'of that service. Or put settings into .env (docs/configuration.md) or the environment.',
      '',
    ].join('\n'),
  );
}

for (const folder of [resolve(projectDir, 'src'), resolve(workspaceRoot, 'libs')]) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (!file?.endsWith('.ts') || file.includes('dist')) return;
    clearTimeout(timer);
    timer = setTimeout(restart, quietMs);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    rmSync(takenFile, { force: true });
    if (running && running.exitCode === null) {
      running.kill('SIGTERM');
      await exited(running);
    }
    if (Object.keys(environment).length > 0)
      process.stdout.write(`npm start has no ${name} now: start it again to have all of them\n`);
    process.exit(0);
  });
}
await restart();
