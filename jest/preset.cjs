/** One Jest configuration for every project: TypeScript by swc, workspace packages from source. */
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@exrec/', ''),
  runtime: require.resolve('./runtime.cjs'),
  testEnvironment: require.resolve('./environment.cjs'),
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: [],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: false } },
      },
    ],
  },
  // Every wait in a test has a shorter limit of its own, which says what did not come. This one is for a machine
  // that is busy with other things.
  testTimeout: 180_000,
});
