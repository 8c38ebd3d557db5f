const { AsyncLocalStorage } = require('node:async_hooks');
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const { default: Runtime } = require('jest-runtime');

/** What Jest knows of TypeScript: the runtime of the present test file compiles for all of them. */
let present;
const sourceMaps = new Map();

Module._extensions['.ts'] = (module, fileName) => {
  module._compile(present.compiled(fileName), fileName);
};

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  return resolveFilename.call(this, inSource(request, parent?.filename), parent, ...rest);
};

const contexts = [];
/**
 * Where Jest keeps which test runs, anew for each file. Node.js hands every one of them on from promise to promise until it
 * is disabled: after forty files that is a tenth of the CPU time.
 */
class TestContext extends AsyncLocalStorage {
  constructor() {
    super();
    contexts.push(this);
  }
}

/** TypeScript names the file that it would write; what lies there is the source. */
function inSource(request, importer = '') {
  return /^\.{1,2}\//.test(request) && importer.endsWith('.ts')
    ? request.replace(/\.js$/, '.ts')
    : request;
}

/**
 * Loads only the test file itself anew. Everything it imports is loaded by Node.js, once for all test files of a worker,
 * as in a program of ours: without that a third of the CPU time of the tests goes into loading
 * (docs/adr/0008-shared-modules-in-tests.md). Therefore modules cannot be mocked.
 */
class SharedModulesRuntime extends Runtime {
  #transformer;

  constructor(...parts) {
    super(...parts);
    this.#transformer = parts[3];
    const known = super.getSourceMaps();
    for (const [fileName, mapFile] of sourceMaps) known.set(fileName, mapFile);
    present = this;
  }

  compiled(fileName) {
    const source = readFileSync(fileName, 'utf8');
    const options = { supportsDynamicImport: true };
    const { code, sourceMapPath } = this.#transformer.transform(fileName, options, source);
    sourceMaps.set(fileName, sourceMapPath);
    this.getSourceMaps().set(fileName, sourceMapPath);
    return code;
  }

  requireModuleOrMock(from, name) {
    return Module.createRequire(from)(inSource(name, from));
  }

  requireInternalModule(from, name) {
    if (name === 'node:async_hooks') return { AsyncLocalStorage: TestContext };
    return name === undefined
      ? super.requireInternalModule(from)
      : Module.createRequire(from)(name);
  }

  teardown() {
    super.teardown();
    for (const context of contexts.splice(0)) context.disable();
  }

  // It would replace a function of the one `process` for good.
  installGetBuiltinModule() {}
}

module.exports = { __esModule: true, default: SharedModulesRuntime };
