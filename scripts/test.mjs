/** `npm test`: types, style and every test of the workspace. The last line is `N passed, N failed`. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runNx, runTool, say, workspaceRoot } from './progress.mjs';
import { runScript, setup } from './setup.mjs';

const runFolder = join(workspaceRoot, '.run');
const resultFile = join(runFolder, 'jest-results.json');
/** Most tests wait for servers most of the time: twice as many at a time as there are cores. */
const workers = 2 * availableParallelism();

let passed = 0;
let failed = 0;

await runScript(async () => {
  // Until a step has passed it has failed: also an error in this script must not look green.
  failed = 1;
  await setup('test');
  failed = 0;
  count('types, lint and builds', await runNx('run-many', '-t', 'typecheck', 'lint', 'build'));
  say('format: prettier --check');
  count('format', await runTool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']));
  await runTests();
  return failed === 0 ? 0 : 1;
}).finally(() => {
  say('done');
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
});

function count(step, exitCode) {
  if (exitCode === 0) passed += 1;
  else failed += 1;
  say(`${step}: ${exitCode === 0 ? 'passed' : 'FAILED'}`);
}

async function runTests() {
  rmSync(resultFile, { force: true });
  rmSync(join(runFolder, 'test-apps'), { recursive: true, force: true });
  mkdirSync(runFolder, { recursive: true });
  say(`tests: all projects, against real servers on 127.0.0.1, ${workers} files at a time`);
  const args = ['--json', `--outputFile=${resultFile}`, `--maxWorkers=${workers}`];
  const exitCode = await runTool('jest/bin/jest.js', args);
  if (!existsSync(resultFile)) {
    count('tests', exitCode === 0 ? 1 : exitCode);
    return;
  }
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  // A test that was skipped shows nothing, so it does not count as passed.
  const skipped = result.numPendingTests + result.numTodoTests;
  if (skipped > 0) say(`tests: ${skipped} skipped, which counts as failed`);
  passed += result.numPassedTests;
  const found = result.numFailedTests + result.numRuntimeErrorTestSuites + skipped;
  failed += exitCode !== 0 && found === 0 ? 1 : found;
  listFailures(result);
}

/** Names once more what failed: the report itself may be screens above. */
function listFailures(result) {
  for (const file of result.testResults) {
    const name = file.name.replace(`${workspaceRoot}/`, '');
    if (file.status === 'failed' && file.assertionResults.length === 0) say(`cannot run: ${name}`);
    for (const { status, fullName } of file.assertionResults) {
      if (status !== 'passed') say(`${status}: ${name}: ${fullName}`);
    }
  }
}
