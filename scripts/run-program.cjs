/**
 * main.js of everything that is built: runs program.js beside it. Node.js's own loader would read it as UTF-8, and
 * compile once more what V8 has compiled at the build (docs/adr/0001-workspace.md).
 */
const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { compileFunction, constants } = require('node:vm');

const filename = join(__dirname, 'program.js');
// Only Node.js's own loader tells it where the source map is.
if (process.sourceMapsEnabled) require(filename);
else run();

function run() {
  const source = readFileSync(filename);
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const program = compileFunction(source.latin1Slice(), names, {
    filename,
    cachedData: compiledFrom(source),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  program.call(exports, exports, require, module, filename, __dirname);
}

/**
 * What V8 has compiled of the program, behind a digest of both: V8 knows its source by the length only, and dies of
 * damage. `undefined` when it is missing or belongs to another program; then V8 compiles.
 */
function compiledFrom(source) {
  const file = `${filename}.cache`;
  if (!existsSync(file)) return undefined;
  const cache = readFileSync(file);
  const digestBytes = 32;
  const compiled = cache.subarray(digestBytes);
  const digest = createHash('sha256').update(source).update(compiled).digest();
  return digest.equals(cache.subarray(0, digestBytes)) ? compiled : undefined;
}
