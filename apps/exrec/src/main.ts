#!/usr/bin/env node
import { terminalOf } from './output/terminal.js';
import { runExrec } from './program.js';

void runExrec(process.argv.slice(2), {
  terminal: terminalOf(process.stdout, process.stderr),
  environment: process.env,
  nowMs: Date.now(),
  stdin: process.stdin,
}).then((code) => {
  process.exitCode = code;
});
