const js = require('@eslint/js');
const globals = require('globals');
const tseslint = require('typescript-eslint');

/** Imports go one way: what a folder may not reach, and why. */
const forbidden = (files, ...patterns) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: `^(\\.\\./)+(${patterns.join('|')})(/|$)`, message: 'Imports go one way: see CONTRIBUTING.md.' }] }],
  },
});

module.exports = tseslint.config(
  { ignores: ['node_modules/', 'coverage/', 'templates/*.yml'] },
  js.configs.recommended,
  { files: ['*.js'], languageOptions: { globals: globals.node, sourceType: 'commonjs' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      // Numbers in messages are what messages are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // CloudFormation's and AWS's records are maps; reading them by name is not a mistake.
      '@typescript-eslint/dot-notation': 'off',
      // String() of a value that came as JSON is how an error names it.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  // cloudform-types declares what its constructors take as instances of the very class that they make.
  { files: ['templates/src/*.ts'], rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' } },
  forbidden(['simulator/**/*.ts'], 'rehearsal', 'templates', 'functions', 'security', 'docs', 'scripts', 'test'),
  forbidden(['rehearsal/**/*.ts'], 'functions', 'security', 'docs', 'scripts', 'test'),
  forbidden(['templates/**/*.ts'], 'simulator', 'rehearsal', 'functions', 'security', 'docs', 'scripts', 'test'),
  forbidden(['security/**/*.ts'], 'rehearsal', 'functions', 'docs', 'scripts', 'test'),
  forbidden(['docs/**/*.ts'], 'rehearsal', 'functions', 'security', 'scripts', 'test'),
  // A function reaches only into itself and into what functions share.
  forbidden(['functions/**/*.ts'], 'simulator', 'rehearsal', 'templates', 'security', 'docs', 'scripts', 'test', '(?!shared/)[a-z-]+/src'),
  forbidden(['scripts/**/*.ts'], 'simulator', 'functions', 'test'),
);
