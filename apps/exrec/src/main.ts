#!/usr/bin/env node
import { terminalOf } from './output/terminal.js';
import { runExrec } from './program.js';

// `exrec find … | head` closes the pipe when it has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void runExrec(process.argv.slice(2), {
  terminal: terminalOf(process.stdout, process.stderr),
  environment: process.env,
  nowMs: Date.now(),
  stdin: process.stdin,
}).then((code) => {
  process.exitCode = code;
});
