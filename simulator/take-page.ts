/** One page of a list, and the token of the next where there is one. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/**
 * Cuts one page out of a list. A token is the number of the first item of its page; callers must treat it as opaque.
 * @param invalid called for a token that no page gave out; it throws the error of its API
 */
export function takePage<T>(all: readonly T[], token: string | undefined, size: number, invalid: () => never): Page<T> {
  const start = token === undefined ? 0 : /^[1-9]\d*$/.test(token) ? Number(token) : invalid();
  if (start > 0 && start >= all.length) invalid();
  const end = start + size;
  return { items: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
}
