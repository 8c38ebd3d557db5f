/** One Jest configuration for every project: TypeScript by swc, workspace packages from source. */
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@exrec/', ''),
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@exrec/source', 'node', 'require', 'default'],
  },
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: [],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: false } },
      },
    ],
  },
  // ESM-only packages have to be transformed too; Jest on Node 20 cannot require() them.
  transformIgnorePatterns: [
    '/node_modules/(?!(webdav|layerr|url-join|@buttercup|node-fetch|data-uri-to-buffer|fetch-blob|formdata-polyfill|hot-patcher|@nodable)/)',
  ],
  // Every wait in a test has a shorter limit of its own, which says what did not come. This one is for a machine
  // that is busy with other things.
  testTimeout: 180_000,
});
