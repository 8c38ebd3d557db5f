/** `npm test`: types, style and every test of the workspace. The last line is `N passed, N failed`. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run, runNx, runTool, say, workspaceRoot } from './progress.mjs';
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
  say('builds: nx run-many -t build');
  count('builds', await runNx('run-many', '-t', 'build'));
  // Together they keep every core busy to the end; one after the other, one core idles through the checks.
  await Promise.all([checkCode().then(checkFormat).then(checkTexts), runTests()]);
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

async function checkCode() {
  say('types, lint: scripts/check-code.mjs');
  // Everything of the workspace at once: more than Node.js allows by itself on a machine of 8 GB. Young objects get more
  // room as well, which saves a tenth of the time.
  const args = [
    '--max-old-space-size=4096',
    '--max-semi-space-size=64',
    join(workspaceRoot, 'scripts', 'check-code.mjs'),
  ];
  count('types, lint', await run(process.execPath, args));
}

async function checkFormat() {
  say('format: prettier --check');
  const prettier = join('node_modules', 'prettier', 'bin', 'prettier.cjs');
  count('format', await run(process.execPath, [prettier, '--check', '--log-level=warn', '.']));
}

async function checkTexts() {
  await checkBy('citations', 'check-citations.mjs');
  await checkBy('folders', 'check-folders.mjs');
}

async function checkBy(step, script) {
  say(`${step}: scripts/${script}`);
  count(step, await run(process.execPath, [join(workspaceRoot, 'scripts', script)]));
}

async function runTests() {
  rmSync(join(runFolder, 'test-apps'), { recursive: true, force: true });
  say(`tests: all projects, against real servers on 127.0.0.1, ${workers} files at a time`);
  tally(await runJest([`--maxWorkers=${workers}`]));
}

/** Runs Jest; the result is `undefined` when it could not even begin. */
async function runJest(args) {
  rmSync(resultFile, { force: true });
  mkdirSync(runFolder, { recursive: true });
  const report = ['--json', `--outputFile=${resultFile}`];
  const exitCode = await runTool('jest/bin/jest.js', [...report, ...args], {
    EXREC_TEST_BUNDLES: join(workspaceRoot, 'dist', 'apps'),
  });
  if (!existsSync(resultFile)) return undefined;
  const { testResults } = JSON.parse(readFileSync(resultFile, 'utf8'));
  return { exitCode, files: testResults };
}

function tally(result) {
  if (result === undefined) return count('tests', 1);
  const before = failed;
  for (const file of result.files) {
    const tests = file.assertionResults;
    const name = nameOf(file.name);
    passed += tests.filter(({ status }) => status === 'passed').length;
    // A test that was skipped shows nothing, so it counts as failed.
    const others = tests.filter(({ status }) => status !== 'passed');
    for (const { status, fullName } of others) say(`${status}: ${name}: ${fullName}`);
    failed += others.length;
    if (file.status === 'failed' && others.length === 0) {
      say(`cannot run: ${name}`);
      failed += 1;
    }
  }
  if (result.exitCode !== 0 && failed === before) failed += 1;
}

function nameOf(path) {
  return path.replace(`${workspaceRoot}/`, '');
}
