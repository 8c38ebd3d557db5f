/**
 * main.js of everything that is built: runs program.js beside it. Node.js's own loader would read it as UTF-8, which
 * takes half as long as to compile it, and compile what V8 has compiled at the build (docs/adr/0001-workspace.md).
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { compileFunction, constants } = require('node:vm');

const filename = join(__dirname, 'program.js');
const names = ['exports', 'require', 'module', '__filename', '__dirname'];
const program = compileFunction(readFileSync(filename, 'latin1'), names, {
  filename,
  // Of another V8 it is refused, and the program is compiled here.
  cachedData: readFileSync(`${filename}.cache`),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
program.call(exports, exports, require, module, filename, __dirname);
