/** `nx serve <app>`: builds the app and runs it, again after every change of a source file. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { relative, resolve } from 'node:path';

const workspaceRoot = resolve(import.meta.dirname, '..');
const projectDir = process.cwd();
const mainFile = resolve(workspaceRoot, 'dist', relative(workspaceRoot, projectDir), 'main.js');
const quietMs = 300;

let running;
let timer;

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
  running = run(process.execPath, ['--enable-source-maps', mainFile], { cwd: workspaceRoot });
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
    if (running && running.exitCode === null) {
      running.kill('SIGTERM');
      await exited(running);
    }
    process.exit(0);
  });
}
await restart();
