const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const digits = '0123456789';

/** What AWS makes identifiers, names and passwords of. */
export const alphabets = { upper, lower, digits, alphanumeric: upper + lower + digits, base32: `${upper}234567` };
