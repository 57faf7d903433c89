/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023' } }] },
  // A lifecycle runs real bash, real openssl and the real SDK; the limit only ends a test that hangs.
  testTimeout: 60_000,
  // The default leaves a core idle, and half of the work is done by processes that a test waits for.
  maxWorkers: '100%',
};
