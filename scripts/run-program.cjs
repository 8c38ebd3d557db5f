/**
 * main.js of everything that is built: runs program.js beside it. Node.js's own loader would read it as UTF-8, which
 * takes half as long as to compile it, and compile what V8 has compiled at the build (docs/adr/0001-workspace.md).
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
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

/** V8 itself refuses what another version of it has compiled, but knows its source by the length only. */
function compiledFrom(source) {
  const cache = readFileSync(`${filename}.cache`);
  const digest = createHash('sha256').update(source).digest();
  return digest.equals(cache.subarray(0, digest.length))
    ? cache.subarray(digest.length)
    : undefined;
}
