/** Packages that are ES modules only: Jest cannot `require` them before Node.js 24.9. */
const esModules = [
  'webdav',
  'layerr',
  'url-join',
  '@buttercup/fetch',
  'node-fetch',
  'data-uri-to-buffer',
];
esModules.push('fetch-blob', 'formdata-polyfill', 'hot-patcher', '@nodable/entities');

/** One Jest configuration for every project: TypeScript by swc, workspace packages from source. */
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@exrec/', ''),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  // TypeScript names the file that it would write; what lies there is the source.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  transform: {
    '\\.lua$': require.resolve('./lua.cjs'),
    '\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        // Each test file loads everything anew: only what it comes to use.
        module: { type: 'commonjs', lazy: { patterns: ['.*'] } },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: false } },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  collectCoverageFrom: ['<rootDir>/src/**/*.ts', '!<rootDir>/src/**/*.spec.ts'],
  // Every wait in a test has a shorter limit of its own, which says what did not come. This one is for a machine
  // that is busy with other things.
  testTimeout: 600_000,
});
