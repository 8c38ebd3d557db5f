/** What a running `npm start` has written down about its services. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './progress.mjs';

const runFolder = join(workspaceRoot, '.run');

/** @returns `{ pid, env }` of a service of `npm start`; `undefined` when it does not run */
export function runningService(name) {
  const stackPid = numberIn(join(runFolder, 'npm-start.pid'));
  const file = join(runFolder, 'services.json');
  if (stackPid === undefined || !isAlive(stackPid) || !existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'))[name];
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function numberIn(file) {
  const number = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
