/**
 * Types and lint of the whole workspace: `node scripts/check-code.mjs`. The exit code says whether both passed.
 * TypeScript reads and understands everything once and ESLint asks the same program, which takes less than
 * half the time of a compiler and a linter for every project. Lint finds the projects in the graph that a build leaves in Nx's cache.
 */
import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { say, workspaceRoot } from './progress.mjs';

// The rule of module boundaries reads the project graph once in ESLint's own program, and for each file in any other.
process.argv[1] = join(workspaceRoot, 'node_modules', 'eslint', 'bin', 'eslint.js');

// The console runs in a browser: it has other globals than everything else.
const parts = [
  { config: 'tsconfig.whole.json', files: ['.'], ignored: ['apps/console/src/**'] },
  { config: 'apps/console/tsconfig.json', files: ['apps/console/src'], ignored: [] },
];
const passed = [];
for (const { config, files, ignored } of parts) {
  const program = readProgram(join(workspaceRoot, config));
  passed.push(checkTypes(program), await checkStyle(program, files, ignored));
}
process.exitCode = passed.every(Boolean) ? 0 : 1;

function readProgram(file) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (fault) => print([fault]) };
  const config = ts.getParsedCommandLineOfConfigFile(file, undefined, host);
  return ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    configFileParsingDiagnostics: config.errors,
  });
}

function checkTypes(program) {
  const faults = ts.getPreEmitDiagnostics(program);
  print(faults);
  say(`types: ${faults.length === 0 ? 'passed' : 'FAILED'}`);
  return faults.length === 0;
}

function print(faults) {
  if (faults.length === 0) return;
  const host = ts.createCompilerHost({});
  process.stdout.write(ts.formatDiagnosticsWithColorAndContext(faults, host));
}

async function checkStyle(program, files, ignored) {
  const eslint = new ESLint({
    cwd: workspaceRoot,
    overrideConfig: [
      { ignores: ignored },
      {
        files: ['**/*.ts', '**/*.tsx'],
        languageOptions: { parserOptions: { projectService: false, programs: [program] } },
      },
    ],
  });
  const results = await eslint.lintFiles(files);
  const formatter = await eslint.loadFormatter('stylish');
  process.stdout.write(await formatter.format(results));
  // Like `--max-warnings=0`.
  const isClean = results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
  say(`lint: ${isClean ? 'passed' : 'FAILED'}`);
  return isClean;
}
