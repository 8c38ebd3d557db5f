import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { nestedRepetition } from './scripts/lint/nested-repetition.mjs';

const ioPackages = [
  'axios',
  'bullmq',
  'express',
  'ioredis',
  'jszip',
  'webdav',
  'webdav-server',
  'winston',
];

/** Who may import whom. Each project carries one `type:` and one `scope:` tag. */
const depConstraints = [
  {
    sourceTag: 'type:pure',
    onlyDependOnLibsWithTags: ['type:pure'],
    bannedExternalImports: ioPackages,
  },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:pure'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:lib', 'type:pure'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', 'type:pure'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:lib', 'type:pure', 'type:testing', 'type:tool'],
  },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:excp', onlyDependOnLibsWithTags: ['scope:excp', 'scope:shared'] },
  { sourceTag: 'scope:exrp', onlyDependOnLibsWithTags: ['scope:exrp', 'scope:shared'] },
  { sourceTag: 'scope:storage', onlyDependOnLibsWithTags: ['scope:storage', 'scope:shared'] },
  { sourceTag: 'scope:ledger', onlyDependOnLibsWithTags: ['scope:ledger', 'scope:shared'] },
  { sourceTag: 'scope:console', onlyDependOnLibsWithTags: ['scope:console', 'scope:shared'] },
  { sourceTag: 'scope:exrec', onlyDependOnLibsWithTags: ['scope:exrec', 'scope:shared'] },
];

const withTesting = depConstraints.map((rule) =>
  rule.sourceTag.startsWith('type:') && rule.sourceTag !== 'type:testing'
    ? {
        ...rule,
        onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:testing', 'type:tool'],
      }
    : rule,
);

const boundaries = (constraints, allow = []) => [
  'error',
  { allow, enforceBuildableLibDependency: false, depConstraints: constraints },
];

/** What can be run is not replaced: docs/design/STYLE.md. */
const noModuleMocks = ['mock', 'doMock', 'unmock', 'resetModules', 'isolateModules'].map(
  (property) => ({ object: 'jest', property, message: 'Fakes stand behind our own ports only.' }),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', '**/node_modules/**', '**/.run/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false } },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      // A twentieth of the time of lint; there is nothing for it, since there are no enumerations.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'A union of literals says the same.' },
      ],
      // It takes the classes of CommonJS packages for foreign ones.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    // Decisions are functions of data: no I/O package, no clock, no file system.
    files: ['apps/excp/src/interaction/**/*.ts', 'apps/exrp/src/injection/states/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ioPackages,
          patterns: ['node:fs*', 'node:http*', 'node:net', '@exrec/service-kit', '@exrec/gc-api'],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(withTesting),
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      'no-restricted-properties': ['error', ...noModuleMocks],
    },
  },
  {
    // The command line reads feeds, files and keys as the services do: docs/adr/0010-one-reading.md.
    files: ['apps/exrec/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints, ['@exrec/excp', '@exrec/exrp']),
    },
  },
  {
    // What comes from outside is matched in a time that grows with its length, or not at all.
    files: ['**/*.{ts,tsx,mjs,cjs}'],
    plugins: { regexp, exrec: { rules: { 'nested-repetition': nestedRepetition } } },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
      'exrec/nested-repetition': 'error',
    },
  },
  prettier,
);
