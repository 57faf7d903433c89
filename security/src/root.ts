import path from 'node:path';

/** The repository's root: reports name files as they are seen from there. */
export const ROOT = path.join(__dirname, '../..');
