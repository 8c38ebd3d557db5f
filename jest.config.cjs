module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/tools/*/jest.config.cjs',
  ],
  // Jest 30 leaves an AsyncLocalStorage of each test file behind, and before 24 Node.js hands every one on with each promise:
  // a process that has run dozens of files makes promises many times slower than a new one.
  workerIdleMemoryLimit: '300MB',
  testSequencer: '<rootDir>/jest/sequencer.cjs',
  // Jest takes this one from here, not from the projects, when it runs them all.
  testTimeout: 600_000,
};
