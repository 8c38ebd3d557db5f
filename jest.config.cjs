module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/tools/*/jest.config.cjs',
  ],
  testSequencer: '<rootDir>/jest/sequencer.cjs',
  // Jest takes this one from here, not from the projects, when it runs them all.
  testTimeout: 600_000,
};
