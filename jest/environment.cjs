const vm = require('node:vm');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Stands for the context that Node.js runs everything else in, and that has no object of its own. */
const thisContext = vm.createContext({});
const compileFunction = vm.compileFunction;
vm.compileFunction = (source, names, { parsingContext, ...options }) =>
  compileFunction(
    source,
    names,
    parsingContext === thisContext ? options : { ...options, parsingContext },
  );

const { exit } = process;
// A worker that has nothing left to do would take its heap apart first, for longer than Jest waits for it.
// Jest itself, where it has no workers, decides in a later listener that it has failed.
const isWorker = /[\\/]jest-worker[\\/]/.test(process.argv[1] ?? '');
if (isWorker) process.once('exit', (code) => exit.call(process, code));

/**
 * Runs the tests where the modules of Node.js run, not in a context of each file: so all files of a worker can share
 * the modules they import (see runtime.cjs), and an `Error` is the same `Error` everywhere.
 */
module.exports = class SharedContextEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  // The old kind, which replaces functions for good.
  fakeTimers = null;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    // Jest puts its own around it for each file.
    process.exit = exit;
  }

  exportConditions() {
    return ['node', 'require', 'default'];
  }

  getVmContext() {
    return thisContext;
  }
};
