/** Ends a request with a text of messages.ts, which is written for the user: it says what is wrong, in which state it is, and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
