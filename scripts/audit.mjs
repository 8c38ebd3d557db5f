/**
 * `npm run audit [-- --strict]`: known vulnerabilities of the packages in package-lock.json, by the registry's word.
 * What scripts/audit-allowed.yaml allows, with a reason and until a day, is passed over. 1: something is open, or an
 * entry is wrong. A registry that does not answer such questions, or none in reach: it says so, and fails with
 * `--strict` only.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { advisoriesOf, faultsOf, judge } from './audit-findings.mjs';
import { workspaceRoot } from './progress.mjs';

const isStrict = process.argv.includes('--strict');
const listFile =
  process.env.EXREC_AUDIT_ALLOWED ?? join(workspaceRoot, 'scripts', 'audit-allowed.yaml');
process.exitCode = audit(parse(readFileSync(listFile, 'utf8'), { schema: 'failsafe' }));

function audit(allowed) {
  const faults = faultsOf(allowed);
  for (const fault of faults) say(`audit-allowed.yaml: ${fault}`);
  if (faults.length > 0) return 1;
  const advisories = advisoriesOf(askRegistry());
  if (advisories === undefined) {
    say('the registry did not answer: nothing was checked');
    return isStrict ? 1 : 0;
  }
  const { open, idle } = judge(advisories, allowed, new Date().toISOString().slice(0, 10));
  for (const { id, name, severity, title } of open) say(`${severity}: ${name}: ${title} (${id})`);
  for (const { id } of idle) say(`audit-allowed.yaml: ${id} allows nothing any more`);
  const passedOver = advisories.length - open.length;
  say(`${open.length} open, ${passedOver} allowed`);
  return open.length === 0 ? 0 : 1;
}

function askRegistry() {
  const options = { cwd: workspaceRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], options);
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
